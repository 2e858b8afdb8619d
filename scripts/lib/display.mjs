import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endChild } from './children.mjs';
import { SetupError } from './steps.mjs';

/** Whether there is a screen to show windows on. */
export const haveDisplay = () =>
  process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);

/** @param {import('node:child_process').ChildProcess} server @returns {Promise<string>} */
function displayNumber(server) {
  return new Promise((done, failed) => {
    let number = '';
    let errors = '';
    server.stderr?.on('data', (text) => {
      errors += text;
    });
    const stream = /** @type {import('node:stream').Readable} */ (server.stdio[3]);
    stream.on('data', (text) => {
      number += text;
      if (number.includes('\n')) done(number.trim());
    });
    server.once('error', (error) => failed(new SetupError(`Xvfb does not start: ${error.message}`)));
    server.once('exit', (code) => failed(new SetupError(`Xvfb ended with status ${code}:\n${errors}`)));
  });
}

/**
 * A virtual screen of our own, on whichever number is free, that only we can talk to.
 * @returns {Promise<{ env: { DISPLAY: string, XAUTHORITY: string }, stop: () => Promise<void> }>}
 */
export async function startDisplay({ width = 1440, height = 900 } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'hawser-display-'));
  const XAUTHORITY = join(folder, 'authority');
  const cookie = randomBytes(16).toString('hex');
  // Xvfb reads the secret before it has chosen its number; for it the number in the file is of no account.
  const allow = (/** @type {string} */ display) =>
    spawnSync('xauth', ['-q', '-f', XAUTHORITY], { input: `add ${display} . ${cookie}\nexit\n` });
  allow(':0');
  const args = [
    '-displayfd',
    '3',
    '-screen',
    '0',
    `${width}x${height}x24`,
    '-nolisten',
    'tcp',
    '-auth',
    XAUTHORITY,
  ];
  // In a process group of its own: Ctrl+C must not take the screen away before its windows are gone.
  const server = spawn('Xvfb', args, { stdio: ['ignore', 'ignore', 'pipe', 'pipe'], detached: true });
  const stop = async () => {
    await endChild(server);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const DISPLAY = `:${await displayNumber(server)}`;
    if (DISPLAY !== ':0') allow(DISPLAY);
    return { env: { DISPLAY, XAUTHORITY }, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
