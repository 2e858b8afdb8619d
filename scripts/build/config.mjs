import { builtinModules } from 'node:module';
import { inRoot } from '../lib/paths.mjs';
import { target } from './targets.mjs';

const node = [...builtinModules, /^node:/];

/**
 * One file for each Node target but the console tools, each of which reads its own part when it starts, and nothing later: a
 * long-running server never looks for a chunk that a newer build removed.
 * @param {string} name
 * @param {string} outDir
 * @param {{ format: 'es' | 'cjs', file: string, external: (string | RegExp)[], nodeVersion: string, parts?: boolean }} options
 * @returns {import('vite').InlineConfig}
 */
function nodeTarget(name, outDir, { format, file, external, nodeVersion, parts = false }) {
  return {
    root: inRoot(),
    ssr: { target: 'node', noExternal: true },
    build: {
      ssr: inRoot(target(name).entry),
      outDir,
      target: nodeVersion,
      minify: false,
      sourcemap: true,
      rolldownOptions: {
        external: [...node, ...external],
        output: {
          format,
          entryFileNames: file,
          chunkFileNames: '[name]-[hash].js',
          codeSplitting: parts,
        },
      },
    },
  };
}

/** @param {string} outDir @returns {Promise<import('vite').InlineConfig>} */
async function renderer(outDir) {
  const { default: react } = await import('@vitejs/plugin-react');
  return {
    root: inRoot('renderer'),
    base: './',
    plugins: [react()],
    build: {
      outDir,
      target: 'chrome140',
      sourcemap: true,
      chunkSizeWarningLimit: 4096,
      // A page for each kind of window.
      rolldownOptions: {
        input: ['index', 'hosted', 'view', 'popout'].map((page) => inRoot('renderer', `${page}.html`)),
      },
    },
  };
}

/**
 * @param {string} name
 * @param {string} outDir
 * @returns {Promise<import('vite').InlineConfig>}
 */
export async function configOf(name, outDir) {
  const native = /^(@lydell\/node-pty|serialport$|@serialport\/|classic-level$)/;
  switch (name) {
    case 'tools':
      return nodeTarget(name, outDir, {
        format: 'es',
        file: 'hawser.js',
        external: [native],
        nodeVersion: 'node20.19',
        parts: true,
      });
    case 'bench':
      return nodeTarget(name, outDir, {
        format: 'es',
        file: 'bench.js',
        external: [native],
        nodeVersion: 'node20.19',
      });
    case 'main':
      return nodeTarget(name, outDir, {
        format: 'es',
        file: 'main.js',
        external: ['electron', native],
        nodeVersion: 'node22',
      });
    case 'preload':
      return nodeTarget(name, outDir, {
        format: 'cjs',
        file: 'preload.cjs',
        external: ['electron'],
        nodeVersion: 'node22',
      });
    default:
      return renderer(outDir);
  }
}
