// npm run bundle [-- --target linux-arm64] [--node PATH]: the console tools as one file and as one executable.
import { nodeTooOld } from './lib/node-version.mjs';

const tooOld = nodeTooOld();
if (tooOld) {
  console.error(tooOld);
  process.exit(1);
}
const { parseArgs } = await import('node:util');
const { runMain, SetupError } = await import('./lib/steps.mjs');
const { setUp } = await import('./setup/setup.mjs');
const { bundle } = await import('./bundle/bundle.mjs');
const { withLock } = await import('./lib/lock.mjs');

/** @returns {import('./bundle/bundle.mjs').Wanted} */
function wanted() {
  const text = /** @type {const} */ ({ type: 'string' });
  try {
    return parseArgs({ options: { target: text, node: text, output: text } }).values;
  } catch (error) {
    throw new SetupError(
      `bundle: ${error instanceof Error ? error.message : error}\nUsage: npm run bundle -- [--target linux-x64|linux-arm64] [--node PATH] [--output FOLDER]`,
    );
  }
}

await runMain(async () => {
  const what = wanted();
  await setUp('bundle', { quiet: true });
  await withLock('bundle', () => bundle(what, (line) => console.log(line)).then(() => undefined));
  return 0;
});
