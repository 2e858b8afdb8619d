import { builtinModules } from 'node:module';
import { inRoot } from '../lib/paths.mjs';

const node = [...builtinModules, /^node:/];

/** Runs before the program: it has to be readable for a Node that is too old for the rest. */
const banner = `#!/usr/bin/env node
'use strict';
(function () {
  var version = process.versions.node.split('.').map(Number);
  if (version[0] > 20 || (version[0] === 20 && version[1] >= 19)) return;
  console.error('Hawser needs Node.js 20.19 or newer; this is ' + process.versions.node + ' (' + process.execPath + ').');
  process.exit(1);
})();`;

/** @param {string} file @param {string} use */
const loadsNative = (file, use) =>
  `module.exports = () => require(${JSON.stringify(inRoot('tools/bundle/native.ts'))}).loadNative(${JSON.stringify(file)}, ${JSON.stringify(use)});`;

/** What is put in the place of a module: by its name, and by who asks for it. */
const replacements = [
  {
    source: /^node-gyp-build$/,
    importer: /@serialport[\\/]bindings-cpp/,
    code: loadsNative('serialport.node', 'A serial port'),
  },
  {
    source: /^node-gyp-build$/,
    importer: /classic-level/,
    code: loadsNative('leveldb.node', 'The store of a hub'),
  },
  {
    source: /^\.\/requireBinary$/,
    importer: /@lydell[\\/]node-pty/,
    code: `exports.requireBinary = ${loadsNative('pty.node', 'A terminal for the program').replace('module.exports = ', '')}`,
  },
  // Colours of a log that nobody reads; it would be looked for in the folders above the program.
  {
    source: /^supports-color$/,
    importer: /debug/,
    code: 'module.exports = { stderr: false };',
  },
];

/**
 * Native parts come from the folder beside the program, and the window's tool is another one.
 * @returns {import('vite').Plugin}
 */
function bundled() {
  const windbg = inRoot('tools/bundle/windbg.ts');
  return {
    name: 'hawser-bundle',
    enforce: 'pre',
    resolveId(source, importer = '') {
      if (source === './windbg.ts' && importer === inRoot('tools/main.ts')) return windbg;
      const at = replacements.findIndex((each) => each.source.test(source) && each.importer.test(importer));
      return at < 0 ? null : `\0hawser-bundle:${at}.cjs`;
    },
    load(id) {
      const at = /^\0hawser-bundle:(\d+)\.cjs$/.exec(id)?.[1];
      return at === undefined ? null : (replacements[Number(at)]?.code ?? null);
    },
  };
}

/**
 * One CommonJS file: the single executable takes nothing else from a Node 20, and both are to be the same program.
 * @param {string} outDir
 * @param {string} file
 * @returns {import('vite').InlineConfig}
 */
export function bundleConfig(outDir, file) {
  return {
    root: inRoot(),
    plugins: [bundled()],
    ssr: { target: 'node', noExternal: true },
    build: {
      ssr: inRoot('tools/bundle/main.ts'),
      outDir,
      emptyOutDir: false,
      target: 'node20.19',
      minify: false,
      rolldownOptions: {
        external: node,
        output: { format: 'cjs', entryFileNames: file, codeSplitting: false, banner },
      },
    },
  };
}
