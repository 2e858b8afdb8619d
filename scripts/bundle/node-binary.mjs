import { existsSync, readFileSync } from 'node:fs';
import { SetupError } from '../lib/steps.mjs';

/** Where Node looks for what was put into it; `:0` in a program that has nothing yet. */
export const fuse = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';

/** ELF's numbers of the machines that there are native parts for. */
const machines = { 62: 'linux-x64', 183: 'linux-arm64' };

export const targets = Object.values(machines);
export const host = `${process.platform}-${process.arch}`;

/** @param {Buffer} bytes @returns {string | undefined} as `linux-x64` */
function targetOf(bytes) {
  if (bytes.length < 64 || bytes.readUInt32BE(0) !== 0x7f454c46) return undefined;
  return machines[/** @type {keyof typeof machines} */ (bytes.readUInt16LE(18))];
}

/**
 * Says so where a file is no Node that a program can be put into, before it is copied and changed.
 * @param {string} path
 * @param {string} target
 */
export function checkNode(path, target) {
  if (!existsSync(path)) throw new SetupError(`bundle: there is no ${path}.`);
  const bytes = readFileSync(path);
  const found = targetOf(bytes);
  if (found !== target)
    throw new SetupError(
      `bundle: ${path} is ${found ? `for ${found}` : 'no Node program'}, not for ${target}.`,
    );
  if (bytes.includes(`${fuse}:1`))
    throw new SetupError(
      `bundle: ${path} is such an executable already; name a plain Node with --node PATH.`,
    );
  if (!bytes.includes(`${fuse}:0`))
    throw new SetupError(
      `bundle: ${path} takes no program in, as distributions build it that keep Node in a library; name one from nodejs.org with --node PATH.`,
    );
  if (!bytes.includes(`v${process.versions.node}`))
    throw new SetupError(
      `bundle: ${path} is of another version than this Node, which is ${process.versions.node}; both have to be the same.`,
    );
}
