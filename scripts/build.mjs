// npm run build [-- console|full]: builds what has changed.
import { buildStale } from './build/build.mjs';
import { kinds } from './build/targets.mjs';
import { runMain, SetupError } from './lib/steps.mjs';

await runMain(async () => {
  const kind = process.argv[2] ?? 'full';
  if (!(kind in kinds))
    throw new SetupError(`build: "${kind}" is not one of ${Object.keys(kinds).join(', ')}`);
  const began = performance.now();
  const built = await buildStale(/** @type {import('./build/targets.mjs').Kind} */ (kind));
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  console.log(
    built.length > 0
      ? `built ${built.join(', ')} in ${seconds} s`
      : 'nothing has changed since the last build',
  );
  return 0;
});
