// npm run faults [-- --full FILE…]: injects every fault of the list, or those whose tests are in some files, and writes
// what came of it into docs/reliability.md; what was not run keeps its earlier result there.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { faults } from './faults/list.mjs';
import { parseResult, resultsIn, tables, withTables } from './faults/table.mjs';
import { startDisplay } from './lib/display.mjs';
import { inRoot } from './lib/paths.mjs';
import { runMain } from './lib/steps.mjs';
import { setUp } from './setup/setup.mjs';

/** @typedef {{ file: string, title: string, state: string, reason: string | undefined }} Ran */

/** A part of a title that stays as it stands in the file: what is put in its place is not known here. */
const fixedPart = (/** @type {string} */ title) =>
  title
    .split(/%[sif]|\$\{[^}]*\}/)
    .reduce((longest, part) => (part.length > longest.length ? part : longest), '');

const escaped = (/** @type {string} */ text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** @param {string} script @param {string[]} args @param {NodeJS.ProcessEnv} env */
const run = (script, args, env) =>
  spawnSync(process.execPath, [inRoot('node_modules', script), ...args], {
    cwd: inRoot(),
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
  });

/** @param {import('./faults/list.mjs').Fault[]} wanted @param {NodeJS.ProcessEnv} env @param {string} report @returns {Ran[]} */
function unit(wanted, env, report) {
  const chosen = wanted.filter(({ file }) => !file.startsWith('e2e/'));
  if (chosen.length === 0) return [];
  const files = [...new Set(chosen.map(({ file }) => file))];
  const names = chosen.map(({ test }) => escaped(fixedPart(test))).join('|');
  const reporters = ['--reporter=default', '--reporter=./scripts/faults/reporter.mjs'];
  run('vitest/vitest.mjs', ['run', ...reporters, '-t', names, ...files], {
    ...env,
    HAWSER_FAULTS_JSON: report,
  });
  return JSON.parse(readFileSync(report, 'utf8'));
}

/** @param {import('./faults/list.mjs').Fault[]} wanted @param {NodeJS.ProcessEnv} env @param {string} report @returns {Ran[]} */
function windows(wanted, env, report) {
  const chosen = wanted.filter(({ file }) => file.startsWith('e2e/'));
  if (chosen.length === 0) return [];
  const names = chosen.map(({ test }) => escaped(fixedPart(test))).join('|');
  run(
    'playwright/cli.js',
    ['test', '--reporter=json', '-g', names, ...new Set(chosen.map(({ file }) => file))],
    {
      ...env,
      PLAYWRIGHT_JSON_OUTPUT_NAME: report,
    },
  );
  /** @type {Ran[]} */
  const found = [];
  const walk = (/** @type {any} */ suite) => {
    for (const { title, file, tests } of suite.specs ?? []) {
      const [{ status = '', annotations = [] } = {}] = tests;
      found.push({
        file: `e2e/${file}`,
        title,
        state: status === 'expected' ? 'passed' : status,
        reason: annotations[0]?.description,
      });
    }
    for (const inner of suite.suites ?? []) walk(inner);
  };
  walk(JSON.parse(readFileSync(report, 'utf8')));
  return found;
}

/** @param {import('./faults/list.mjs').Fault} fault @param {Ran[]} ran @returns {import('./faults/table.mjs').Result | undefined} */
function resultOf({ file, test }, ran) {
  const own = ran.filter((each) => each.file === file && each.title.includes(fixedPart(test)));
  const failed = own.find(({ state }) => state !== 'passed' && state !== 'skipped');
  if (own.length === 0) return undefined;
  if (failed) return { state: 'DID NOT HOLD', reason: failed.reason ?? failed.state };
  if (own.some(({ state }) => state === 'passed')) return { state: 'held' };
  return { state: 'skipped', reason: own[0]?.reason ?? 'no reason given' };
}

await runMain(async () => {
  const full = process.argv.includes('--full');
  const { electron } = await setUp(full ? 'longTests' : 'tests');
  const { buildStale } = await import('./build/build.mjs');
  await buildStale('full');
  const display = await startDisplay();
  const folder = mkdtempSync(join(tmpdir(), 'hawser-faults-'));
  try {
    const env = {
      ...process.env,
      ...display.env,
      HAWSER_ELECTRON: electron,
      ELECTRON_OVERRIDE_DIST_PATH: dirname(electron ?? ''),
      HAWSER_DIRECTORY_PORT: 'off',
      ...(full ? { HAWSER_FULL: '1' } : {}),
    };
    const files = process.argv.slice(2).filter((arg) => arg !== '--full');
    const wanted = faults.filter(({ file }) => files.length === 0 || files.includes(file));
    const ran = [
      ...unit(wanted, env, join(folder, 'unit.json')),
      ...windows(wanted, env, join(folder, 'windows.json')),
    ];
    const page = inRoot('docs/reliability.md');
    const before = readFileSync(page, 'utf8');
    const earlier = resultsIn(before);
    const resultNow = (/** @type {import('./faults/list.mjs').Fault} */ fault) =>
      wanted.includes(fault) ? resultOf(fault, ran) : parseResult(earlier.get(fault.name));
    writeFileSync(page, withTables(before, tables(resultNow)));
    const results = wanted.map(resultNow);
    const held = results.filter((result) => result?.state === 'held').length;
    const skipped = results.filter((result) => result?.state === 'skipped').length;
    const not = wanted.length - held - skipped;
    console.log(
      `${wanted.length} faults: ${held} held, ${skipped} skipped, ${not} not; docs/reliability.md has the table.`,
    );
    return not === 0 ? 0 : 1;
  } finally {
    await display.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});
