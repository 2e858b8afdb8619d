import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';

/** How long what is ending may take, milliseconds. */
const PATIENCE_MS = 20_000;
const TURN_MS = 50;

/** @typedef {{ pid: number, command: string }} Left */

/** @param {string} file @returns {Buffer} */
function read(file) {
  try {
    return readFileSync(file);
  } catch {
    return Buffer.alloc(0);
  }
}

/**
 * Whoever was started with this in its environment: processes keep that when their parent has ended, in any session or group.
 * @param {string} mark
 * @returns {Left[]} none where there is no /proc
 */
function startedWith(mark) {
  const pids = process.platform === 'linux' ? readdirSync('/proc').filter((name) => /^\d+$/.test(name)) : [];
  return pids
    .filter((pid) => Number(pid) !== process.pid && read(`/proc/${pid}/environ`).includes(mark))
    .map((pid) => ({
      pid: Number(pid),
      command: read(`/proc/${pid}/cmdline`).toString().replaceAll('\0', ' ').trim(),
    }));
}

/**
 * Waits for what is ending, and ends the rest.
 * @param {string} mark
 * @returns {Promise<Left[]>} what had to be ended
 */
export async function endLeftBehind(mark) {
  const end = performance.now() + PATIENCE_MS;
  let left = startedWith(mark);
  while (left.length > 0 && performance.now() < end) {
    await wait(TURN_MS);
    left = startedWith(mark);
  }
  for (const { pid } of left) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has just ended.
    }
  }
  return left;
}

/** @param {Left[]} left */
export function listOf(left) {
  return left.map(({ pid, command }) => `  ${pid} ${command}`).join('\n');
}
