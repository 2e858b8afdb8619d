import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { withLock } from '../lib/lock.mjs';
import { inRoot } from '../lib/paths.mjs';
import { configOf } from './config.mjs';
import { fingerprint, isFresh, markFresh } from './stamp.mjs';
import { kinds, target } from './targets.mjs';

/** @param {import('./targets.mjs').Kind} kind */
export const staleTargets = (kind) =>
  kinds[kind].filter((name) => existsSync(inRoot(target(name).entry)) && !isFresh(name));

/** @param {string} name */
async function buildOne(name) {
  const { build } = await import('vite');
  const print = fingerprint(name);
  const { outDir } = target(name);
  const fresh = inRoot('dist', `.new-${name}`);
  const old = inRoot('dist', `.old-${name}`);
  for (const folder of [fresh, old]) rmSync(folder, { recursive: true, force: true });
  const config = await configOf(name, fresh);
  await build({
    ...config,
    configFile: false,
    logLevel: 'warn',
    build: { ...config.build, emptyOutDir: true },
  });
  // Built aside and swapped in: whoever starts meanwhile finds the old build or the new one, whole.
  mkdirSync(inRoot('dist'), { recursive: true });
  if (existsSync(inRoot(outDir))) renameSync(inRoot(outDir), old);
  renameSync(fresh, inRoot(outDir));
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
    for (const name of names) await buildOne(name);
    return names;
  });
}
