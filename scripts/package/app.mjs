import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configOf } from '../build/config.mjs';
import { nativePartsBeside } from '../bundle/native-plugin.mjs';
import { inRoot } from '../lib/paths.mjs';
import { productName } from './platforms.mjs';

/**
 * @param {string} name @param {string} outDir
 * @returns {Promise<import('vite').InlineConfig>} as in a checkout, but without maps, and native parts come from beside the program
 */
async function packaged(name, outDir) {
  const config = await configOf(name, outDir);
  const native = name === 'main';
  const external = /** @type {(string | RegExp)[]} */ (config.build?.rolldownOptions?.external ?? []);
  const output = config.build?.rolldownOptions?.output;
  return {
    ...config,
    configFile: false,
    logLevel: 'error',
    plugins: [...(config.plugins ?? []), ...(native ? [nativePartsBeside()] : [])],
    build: {
      ...config.build,
      sourcemap: false,
      emptyOutDir: true,
      rolldownOptions: {
        ...config.build?.rolldownOptions,
        ...(native && { external: external.filter((one) => !String(one).includes('serialport')) }),
        ...(output && { output }),
      },
    },
  };
}

/**
 * What goes into the archive of the window's program: its code and pages, and a manifest that says no more than it must.
 * @param {string} folder
 * @returns {Promise<string[]>} the modules that it was made of
 */
export async function stageApp(folder) {
  const { build } = await import('vite');
  rmSync(folder, { recursive: true, force: true });
  /** @type {string[]} */
  const modules = [];
  for (const name of ['main', 'preload', 'renderer']) {
    const made = await build(await packaged(name, join(folder, 'dist', name)));
    const { output } = /** @type {import('vite').Rolldown.RolldownOutput} */ (made);
    for (const chunk of output) if (chunk.type === 'chunk') modules.push(...Object.keys(chunk.modules));
  }
  const { name, version, description, license, type, main } = JSON.parse(
    readFileSync(inRoot('package.json'), 'utf8'),
  );
  const manifest = { name, productName, version, description, license, type, main };
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  return modules;
}
