import { readFileSync, rmSync } from 'node:fs';
import { capture, lastLines } from '../lib/exec.mjs';
import { withLock } from '../lib/lock.mjs';
import { inRoot } from '../lib/paths.mjs';
import { SetupError } from '../lib/steps.mjs';

/** @typedef {{ version?: string, integrity?: string, dev?: boolean, optional?: boolean, devOptional?: boolean }} Locked */

// npm writes this last, when everything is in place: it says what is installed, whoever installed it.
const installedLock = inRoot('node_modules/.package-lock.json');

/** @param {string} file @returns {Record<string, Locked>} */
const packagesIn = (file) => JSON.parse(readFileSync(file, 'utf8')).packages ?? {};

/**
 * Whether node_modules holds what the lock file asks for.
 * @param {import('../build/targets.mjs').Kind} kind
 */
export function packagesInstalled(kind) {
  /** @type {Record<string, Locked>} */
  let installed;
  try {
    installed = packagesIn(installedLock);
  } catch {
    return false;
  }
  for (const [path, wanted] of Object.entries(packagesIn(inRoot('package-lock.json')))) {
    if (path === '' || wanted.optional || wanted.devOptional) continue;
    if (wanted.dev && kind === 'console') continue;
    const found = installed[path];
    if (found?.version !== wanted.version || found?.integrity !== wanted.integrity) return false;
  }
  return true;
}

/** @param {import('../build/targets.mjs').Kind} kind */
async function install(kind) {
  if (packagesInstalled(kind)) return 'another process has just installed them';
  // Should npm be interrupted, the next run must see that node_modules is not whole.
  rmSync(installedLock, { force: true });
  const args = [
    'ci',
    '--loglevel=error',
    '--no-fund',
    '--no-audit',
    ...(kind === 'console' ? ['--omit=dev'] : []),
  ];
  const { code, output } = await capture('npm', args);
  if (code !== 0) {
    throw new SetupError(
      `\nnpm ${args.join(' ')} failed with status ${code}:\n\n${lastLines(output, 30)}\n\nCheck that the npm registry can be reached (npm ping), then run this again.`,
    );
  }
  return undefined;
}

/**
 * @param {import('../build/targets.mjs').Kind} kind
 * @returns {import('../lib/steps.mjs').Step}
 */
export function npmStep(kind) {
  return {
    name: 'npm packages',
    ready: () => (packagesInstalled(kind) ? 'installed already' : undefined),
    run: () => withLock('npm', () => install(kind)),
  };
}
