// npm start: sets everything up, then shows Hawser at work on the sample program.
// npm start -- ARGS: sets up, then runs `hawser windbg ARGS`.
import { nodeTooOld } from './lib/node-version.mjs';

const tooOld = nodeTooOld();
if (tooOld) {
  console.error(tooOld);
  process.exit(1);
}
const { runMain } = await import('./lib/steps.mjs');
const { start } = await import('./start/start.mjs');
await runMain(() => start(process.argv.slice(2)));
