import { inRoot } from '../lib/paths.mjs';

/**
 * @typedef {object} Target
 * @property {string} entry    what is built; relative to the checkout, as all paths here
 * @property {string} output   the file that stands for the finished build
 * @property {string} outDir
 * @property {string[]} inputs files and folders whose change makes the build stale
 */

const always = ['package-lock.json', 'tsconfig.base.json', 'scripts/build'];

/** @type {Record<string, Target>} */
export const targets = {
  tools: {
    entry: 'tools/main.ts',
    output: 'dist/tools/hawser.js',
    outDir: 'dist/tools',
    inputs: [...always, 'tools', 'hub', 'engine', 'transports'],
  },
  main: {
    entry: 'electron/main/main.ts',
    output: 'dist/main/main.js',
    outDir: 'dist/main',
    inputs: [...always, 'electron/main', 'electron/ipc', 'hub', 'engine', 'transports'],
  },
  preload: {
    entry: 'electron/preload/preload.ts',
    output: 'dist/preload/preload.cjs',
    outDir: 'dist/preload',
    inputs: [...always, 'electron/preload', 'electron/ipc', 'engine/protocol'],
  },
  renderer: {
    entry: 'renderer/index.html',
    output: 'dist/renderer/index.html',
    outDir: 'dist/renderer',
    inputs: [...always, 'renderer', 'engine/protocol', 'electron/ipc'],
  },
  bench: {
    entry: 'bench/main.ts',
    output: 'dist/bench/bench.js',
    outDir: 'dist/bench',
    inputs: [...always, 'bench', 'hub', 'engine', 'transports'],
  },
};

/** What each kind of set-up needs built. */
export const kinds = {
  console: ['tools'],
  full: ['tools', 'main', 'preload', 'renderer'],
  bench: ['tools', 'main', 'preload', 'renderer', 'bench'],
};

/** @typedef {keyof typeof kinds} Kind */

/** @param {string} name @returns {Target} */
export function target(name) {
  const found = targets[name];
  if (!found)
    throw new Error(`no build target is called ${name}: there are ${Object.keys(targets).join(', ')}`);
  return found;
}

/** @param {string} name */
export const stampFile = (name) => inRoot('dist', `.${name}.stamp`);
