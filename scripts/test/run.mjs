import { dirname } from 'node:path';
import { endChild, onInterrupt } from '../lib/children.mjs';
import { withoutCoreFiles } from '../lib/core-files.mjs';
import { SetupError } from '../lib/steps.mjs';
import { setUp } from '../setup/setup.mjs';
import { forgetReports } from './counts.mjs';
import { running, stages } from './stages.mjs';

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
  let ok = false;
  try {
    ok = await stage.run(env);
  } catch (error) {
    console.error(error);
  }
  const seconds = (performance.now() - began) / 1000;
  return { name: stage.name, ok, seconds, counts: stage.counts?.() };
}

/** @param {Result} result */
function line({ name, ok, seconds, counts }) {
  const tests = counts
    ? `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped.length} skipped`
    : '';
  return `  ${name.padEnd(8)} ${(ok ? 'ok' : 'FAILED').padEnd(8)} ${`${seconds.toFixed(1)} s`.padStart(9)}   ${tests}`.trimEnd();
}

/** @param {Result[]} results */
function summarize(results) {
  console.log('\n── summary ──');
  for (const result of results) console.log(line(result));
  const skipped = results.flatMap((result) => result.counts?.skipped ?? []);
  if (skipped.length > 0) console.log('\n  skipped:');
  for (const { test, reason } of skipped) console.log(`  - ${test}: ${reason || 'NO REASON GIVEN'}`);
  const passed = results.reduce((sum, { counts }) => sum + (counts?.passed ?? 0), 0);
  // A stage that fails without a failed test (lint, types, a runner that breaks) counts as one.
  const failed = results.reduce((sum, { ok, counts }) => sum + Math.max(counts?.failed ?? 0, ok ? 0 : 1), 0);
  console.log(`\n${passed} passed, ${failed} failed, ${skipped.length} skipped`);
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
  forgetReports();
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
