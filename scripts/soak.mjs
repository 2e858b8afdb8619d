// npm run soak [-- --minutes N --clients N --idle N]: sets up, then keeps a session with many clients busy.
import { pathToFileURL } from 'node:url';
import { nodeTooOld } from './lib/node-version.mjs';

const tooOld = nodeTooOld();
if (tooOld) {
  console.error(tooOld);
  process.exit(1);
}
const { runMain } = await import('./lib/steps.mjs');
const { setUp } = await import('./setup/setup.mjs');
const { target } = await import('./build/targets.mjs');
const { inRoot } = await import('./lib/paths.mjs');

await runMain(async () => {
  console.error('Setting up:');
  await setUp('soak', { out: process.stderr });
  const { soak } = await import(pathToFileURL(inRoot(target('bench').output)).href);
  return await soak(process.argv.slice(2));
});
