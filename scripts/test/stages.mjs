import { spawn } from 'node:child_process';
import { ended } from '../lib/children.mjs';
import { inRoot, root } from '../lib/paths.mjs';
import { playwrightCounts, playwrightReport, vitestCounts, vitestReport } from './counts.mjs';

/**
 * @typedef {object} Stage
 * @property {string} name
 * @property {(env: NodeJS.ProcessEnv) => Promise<boolean>} run  whether all is well
 * @property {() => import('./counts.mjs').Counts | undefined} [counts]
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

/** @type {Stage[]} */
export const stages = [
  { name: 'build', run: (env) => program('../scripts/build.mjs', ['full'], env) },
  {
    name: 'lint',
    run: (env) => program('@biomejs/biome/bin/biome', ['check', '--error-on-warnings', '.'], env),
  },
  { name: 'types', run: (env) => program('typescript/bin/tsc', ['-b'], env) },
  {
    name: 'unit',
    run: (env) => program('vitest/vitest.mjs', ['run'], { ...env, HAWSER_VITEST_JSON: vitestReport }),
    counts: vitestCounts,
  },
  {
    name: 'e2e',
    run: (env) =>
      program('playwright/cli.js', ['test', '--pass-with-no-tests'], {
        ...env,
        HAWSER_PLAYWRIGHT_JSON: playwrightReport,
      }),
    counts: playwrightCounts,
  },
];
