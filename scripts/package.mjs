// npm run package [-- OPTIONS]: what people install.
import { nodeTooOld } from './lib/node-version.mjs';

const tooOld = nodeTooOld();
if (tooOld) {
  console.error(tooOld);
  process.exit(1);
}
const { parseArgs } = await import('node:util');
const { runMain, SetupError } = await import('./lib/steps.mjs');
const { setUp } = await import('./setup/setup.mjs');
const { withLock } = await import('./lib/lock.mjs');
const { kinds, makePackages } = await import('./package/package.mjs');

const usage = `Usage: npm run package -- [--platform linux|win32|darwin] [--arch x64|arm64] [--only ${kinds.join(',')}]
  [--node PATH] [--output FOLDER] [--quick] [--electron FOLDER]`;

function wanted() {
  const text = /** @type {const} */ ({ type: 'string' });
  const options = { platform: text, arch: text, only: text, node: text, output: text, electron: text };
  try {
    return parseArgs({ options: { ...options, quick: { type: 'boolean' } } }).values;
  } catch (error) {
    throw new SetupError(`package: ${error instanceof Error ? error.message : error}\n${usage}`);
  }
}

await runMain(async () => {
  const what = wanted();
  await setUp('bundle', { quiet: true });
  await withLock('package', () => makePackages(what, (line) => console.log(line)));
  return 0;
});
