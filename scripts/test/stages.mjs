import { spawn } from 'node:child_process';
import { ended } from '../lib/children.mjs';
import { inRoot, root } from '../lib/paths.mjs';
import { filesToRepeat, merged } from './again.mjs';
import { playwrightCounts, reportFile, vitestCounts } from './counts.mjs';

/**
 * @typedef {{ ok: boolean, counts?: import('./counts.mjs').Counts | undefined }} Outcome  ok: whether all is well
 *
 * @typedef {object} Stage
 * @property {string} name
 * @property {(env: NodeJS.ProcessEnv) => Promise<Outcome>} run
 */

/** @type {Set<import('node:child_process').ChildProcess>} what runs now, to be ended with us */
export const running = new Set();

/**
 * @param {string} script a package's command-line program, started without the shell that npx would add
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 */
async function program(script, args, env) {
  const child = spawn(process.execPath, [inRoot('node_modules', script), ...args], {
    cwd: root,
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  running.add(child);
  await ended(child);
  running.delete(child);
  return child.exitCode === 0;
}

/**
 * @typedef {object} Runner  of tests
 * @property {string} script
 * @property {string[]} args
 * @property {string} report  the environment variable that tells it where to write what it counted
 * @property {import('./counts.mjs').Reader} read
 * @property {string[]} alone  arguments with which it does one thing at a time
 *
 * @param {string} name
 * @param {Runner} runner
 * @returns {Stage}
 */
function tests(name, { script, args, report, read, alone }) {
  /** @param {NodeJS.ProcessEnv} env @param {string} file @param {string[]} more @returns {Promise<Outcome>} */
  const once = async (env, file, more) => {
    const ok = await program(script, [...args, ...more], { ...env, [report]: file });
    return { ok, counts: read(file) };
  };
  return {
    name,
    async run(env) {
      const first = await once(env, reportFile(name), []);
      const files = first.ok ? [] : filesToRepeat(first.counts);
      if (!first.counts || files.length === 0) return first;
      console.log(`\nOnce more, alone: ${files.join(', ')}`);
      const second = await once(env, reportFile(`${name}-again`), [...alone, ...files]);
      return { ok: second.ok, counts: merged(first.counts, second.counts) };
    },
  };
}

/** @param {string} name @param {string} script @param {string[]} args @returns {Stage} */
const check = (name, script, args) => ({
  name,
  run: async (env) => ({ ok: await program(script, args, env) }),
});

/** @type {Stage[]} */
export const stages = [
  check('build', '../scripts/build.mjs', ['full']),
  check('lint', '@biomejs/biome/bin/biome', ['check', '--error-on-warnings', '.']),
  check('types', 'typescript/bin/tsc', ['-b']),
  tests('unit', {
    script: 'vitest/vitest.mjs',
    args: ['run'],
    report: 'HAWSER_VITEST_JSON',
    read: vitestCounts,
    alone: ['--maxWorkers=1'],
  }),
  tests('e2e', {
    script: 'playwright/cli.js',
    args: ['test', '--pass-with-no-tests'],
    report: 'HAWSER_PLAYWRIGHT_JSON',
    read: playwrightCounts,
    alone: ['--workers=1'],
  }),
];

/** The names of all reports that stages write. */
export const reports = ['unit', 'e2e'].flatMap((name) => [name, `${name}-again`]);
