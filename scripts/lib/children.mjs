/** @typedef {import('node:child_process').ChildProcess} ChildProcess */

/** @param {ChildProcess} child */
const hasEnded = (child) => child.pid === undefined || child.exitCode !== null || child.signalCode !== null;

/** @param {ChildProcess} child @returns {Promise<void>} */
export const ended = (child) =>
  hasEnded(child) ? Promise.resolve() : new Promise((done) => child.once('exit', () => done()));

/**
 * Asks a child to end, and ends it when it does not within `patience`.
 * @param {ChildProcess} child
 */
export async function endChild(child, patience = 5000) {
  if (hasEnded(child)) return;
  child.kill('SIGTERM');
  const insist = setTimeout(() => child.kill('SIGKILL'), patience);
  await ended(child);
  clearTimeout(insist);
}

/**
 * Calls `clean` once when the user or the system wants this program to end, then ends it.
 * @param {() => Promise<void>} clean
 */
export function onInterrupt(clean) {
  let begun = false;
  /** @param {number} code */
  const end = async (code) => {
    if (begun) return;
    begun = true;
    await clean();
    process.exit(code);
  };
  const codes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };
  for (const [signal, code] of Object.entries(codes)) process.on(signal, () => void end(code));
  // Nobody reads any more, as behind `| head`: children that were started would be left over.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => void end(141));
}
