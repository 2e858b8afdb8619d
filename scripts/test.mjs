// npm test [-- [--full] STAGE…]: sets up, then runs the stages (all, unless some are named).
import { nodeTooOld } from './lib/node-version.mjs';

const tooOld = nodeTooOld();
if (tooOld) {
  console.error(tooOld);
  process.exit(1);
}
const { runMain } = await import('./lib/steps.mjs');
const { runTests } = await import('./test/run.mjs');
await runMain(() => runTests(process.argv.slice(2)));
