import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** @param {string} electron */
function hasSetuidHelper(electron) {
  const helper = statSync(join(dirname(electron), 'chrome-sandbox'), { throwIfNoEntry: false });
  return helper?.uid === 0 && (helper.mode & 0o4000) !== 0;
}

/**
 * Why Chromium's sandbox cannot work here, or undefined where it can.
 * @param {string} electron
 */
export function noSandboxReason(electron) {
  if (process.platform !== 'linux') return undefined;
  if (process.getuid?.() === 0) return 'Chromium does not sandbox programs that run as root';
  if (hasSetuidHelper(electron)) return undefined;
  const tried = spawnSync('unshare', ['--user', '--map-root-user', 'true'], { stdio: 'ignore' });
  return tried.status === 0 ? undefined : 'the kernel gives this user no user namespaces';
}

/**
 * Electron's arguments in that respect; says it when the sandbox is left out.
 * @param {string} electron
 */
export function sandboxArgs(electron) {
  const reason = noSandboxReason(electron);
  if (!reason) return [];
  console.error(`Electron runs with --no-sandbox: ${reason}.`);
  return ['--no-sandbox'];
}
