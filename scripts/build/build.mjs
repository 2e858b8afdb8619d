import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';
import { withLock } from '../lib/lock.mjs';
import { inRoot } from '../lib/paths.mjs';
import { SetupError } from '../lib/steps.mjs';
import { configOf } from './config.mjs';
import { fingerprint, isFresh, markFresh } from './stamp.mjs';
import { kinds, target } from './targets.mjs';

/** @param {import('./targets.mjs').Kind} kind */
export const staleTargets = (kind) => kinds[kind].filter((name) => !isFresh(name));

/**
 * @param {string} name
 * @param {string} outDir
 */
async function compile(name, outDir) {
  const { build, createLogger } = await import('vite');
  const logger = createLogger('warn');
  // What it would print about an error comes with the error.
  logger.error = () => {};
  const config = await configOf(name, outDir);
  try {
    await build({
      ...config,
      configFile: false,
      logLevel: 'warn',
      customLogger: logger,
      build: { ...config.build, emptyOutDir: true },
    });
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    throw new SetupError(
      `\nThe build of ${name}: ${process.stderr.isTTY ? text : stripVTControlCharacters(text)}`,
    );
  }
}

/** @param {string} name */
async function buildOne(name) {
  const print = fingerprint(name);
  const goal = inRoot(target(name).outDir);
  const fresh = inRoot('dist', `.new-${name}`);
  const old = inRoot('dist', `.old-${name}`);
  for (const folder of [fresh, old]) rmSync(folder, { recursive: true, force: true });
  await compile(name, fresh);
  // Built aside and swapped in: whoever starts meanwhile finds the old build or the new one, whole.
  mkdirSync(inRoot('dist'), { recursive: true });
  if (existsSync(goal)) renameSync(goal, old);
  renameSync(fresh, goal);
  rmSync(old, { recursive: true, force: true });
  markFresh(name, print);
}

/**
 * @param {import('./targets.mjs').Kind} kind
 * @returns {Promise<string[]>} the targets that were built
 */
export async function buildStale(kind) {
  return withLock('build', async () => {
    const names = staleTargets(kind);
    /** @type {string[]} */
    const failures = [];
    for (const name of names) {
      try {
        await buildOne(name);
      } catch (error) {
        if (!(error instanceof SetupError)) throw error;
        failures.push(error.message);
      }
    }
    if (failures.length > 0) throw new SetupError(failures.join('\n'));
    return names;
  });
}
