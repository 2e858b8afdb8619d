import { rmSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const cache = fileURLToPath(new URL('../../../.cache', import.meta.url));

/** A program of this folder as one file that plain Node runs, inside the checkout for the sake of its packages. */
export async function bundle(name: string): Promise<{ readonly file: string; remove(): void }> {
  const outDir = join(cache, `com-${name}-${process.pid}`);
  await build({
    configFile: false,
    logLevel: 'error',
    ssr: { target: 'node', noExternal: true },
    build: {
      ssr: fileURLToPath(new URL(`${name}.ts`, import.meta.url)),
      outDir,
      minify: false,
      rolldownOptions: {
        external: [...builtinModules, /^node:/, 'serialport'],
        output: { format: 'es', entryFileNames: 'program.mjs', codeSplitting: false },
      },
    },
  });
  return {
    file: join(outDir, 'program.mjs'),
    remove: () => rmSync(outDir, { recursive: true, force: true }),
  };
}
