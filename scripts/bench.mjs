// npm run bench [-- NAME… --json FILE]: sets up, then measures the budgets (all, unless some are named).
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
const { startDisplay } = await import('./lib/display.mjs');

await runMain(async () => {
  console.error('Setting up:');
  const { electron } = await setUp('bench', { out: process.stderr });
  if (electron) process.env.HAWSER_ELECTRON = electron;
  const { main } = await import(pathToFileURL(inRoot(target('bench').output)).href);
  // A virtual one even where there is a screen: a window manager and a compositor would be measured as well.
  const display = await startDisplay();
  Object.assign(process.env, display.env);
  delete process.env.WAYLAND_DISPLAY;
  try {
    return await main(process.argv.slice(2));
  } finally {
    await display.stop();
  }
});
