import { dirname } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { endChild, onInterrupt } from '../lib/children.mjs';
import { withoutCoreFiles } from '../lib/core-files.mjs';
import { SetupError } from '../lib/steps.mjs';
import { setUp } from '../setup/setup.mjs';
import { forgetReports } from './counts.mjs';
import { reports, running, stages } from './stages.mjs';

/** @typedef {{ name: string, ok: boolean, seconds: number, counts: import('./counts.mjs').Counts | undefined }} Result */

/** @param {string[]} names @returns {import('./stages.mjs').Stage[]} */
function select(names) {
  const known = stages.map((stage) => stage.name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new SetupError(
      `npm test: there is no stage "${unknown}"; there are ${known.join(', ')}, and --full.`,
    );
  }
  const wanted = ['build', ...names];
  return names.length === 0 ? stages : stages.filter((stage) => wanted.includes(stage.name));
}

/** @param {import('./stages.mjs').Stage} stage @param {NodeJS.ProcessEnv} env @returns {Promise<Result>} */
async function runStage(stage, env) {
  console.log(`\n── ${stage.name} ──`);
  const began = performance.now();
  /** @type {import('./stages.mjs').Outcome} */
  let outcome = { ok: false };
  try {
    outcome = await stage.run(env);
  } catch (error) {
    console.error(error);
  }
  const seconds = (performance.now() - began) / 1000;
  return { name: stage.name, seconds, ok: outcome.ok, counts: outcome.counts };
}

/** @param {Result} result */
function line({ name, ok, seconds, counts }) {
  const tests = counts
    ? `${counts.passed} passed, ${counts.failures.length} failed, ${counts.skipped.length} skipped`
    : '';
  return `  ${name.padEnd(8)} ${(ok ? 'ok' : 'FAILED').padEnd(8)} ${`${seconds.toFixed(1)} s`.padStart(9)}   ${tests}`.trimEnd();
}

/** @param {string} title @param {string[]} lines */
function list(title, lines) {
  if (lines.length > 0) console.log(`\n  ${title}:\n${lines.map((text) => `  - ${text}`).join('\n')}`);
}

/** @param {import('./counts.mjs').Failure} failure */
const described = ({ test, message }) =>
  `${test}\n${stripVTControlCharacters(message).slice(0, 600).replace(/^/gm, '      ')}`;

/** @param {Result[]} results */
function summarize(results) {
  const counts = results.flatMap((result) => result.counts ?? []);
  const unstable = counts.flatMap((each) => each.unstable);
  const skipped = counts.flatMap((each) => each.skipped);
  console.log('\n── summary ──');
  for (const result of results) console.log(line(result));
  list(
    'skipped',
    skipped.map(({ test, reason }) => `${test}: ${reason || 'NO REASON GIVEN'}`),
  );
  list('unstable: failed, and passed when run again alone', unstable.map(described));
  list('failed', counts.flatMap((each) => each.failures).map(described));
  const passed = counts.reduce((sum, each) => sum + each.passed, 0);
  // A stage that fails without a failed test (lint, types, a runner that breaks) counts as one.
  const failed = results.reduce(
    (sum, result) => sum + Math.max(result.counts?.failures.length ?? 0, result.ok ? 0 : 1),
    0,
  );
  console.log(
    `\n${passed} passed (${unstable.length} of them unstable), ${failed} failed, ${skipped.length} skipped`,
  );
}

/** @param {string[]} args */
export async function runTests(args) {
  const full = args.includes('--full');
  const selected = select(args.filter((arg) => arg !== '--full'));
  onInterrupt(async () => {
    await Promise.all([...running].map((child) => endChild(child)));
  });
  console.log('Setting up:');
  const { electron } = await setUp(full ? 'longTests' : 'tests');
  forgetReports(reports);
  withoutCoreFiles();
  const env = {
    ...process.env,
    HAWSER_ELECTRON: electron,
    // Through this Playwright finds the program without executablePath, with which its start would be a race.
    ELECTRON_OVERRIDE_DIST_PATH: dirname(electron ?? ''),
    ...(full ? { HAWSER_FULL: '1' } : {}),
  };
  /** @type {Result[]} */
  const results = [];
  for (const stage of selected) results.push(await runStage(stage, env));
  summarize(results);
  return results.every(({ ok }) => ok) ? 0 : 1;
}
