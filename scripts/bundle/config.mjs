import { builtinModules } from 'node:module';
import { inRoot } from '../lib/paths.mjs';
import { nativePartsBeside } from './native-plugin.mjs';

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

/**
 * The window's tool is another one there.
 * @returns {import('vite').Plugin}
 */
function otherWindow() {
  const windbg = inRoot('tools/bundle/windbg.ts');
  return {
    name: 'hawser-bundle',
    enforce: 'pre',
    resolveId: (source, importer) =>
      source === './windbg.ts' && importer === inRoot('tools/main.ts') ? windbg : null,
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
    plugins: [otherWindow(), nativePartsBeside()],
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
