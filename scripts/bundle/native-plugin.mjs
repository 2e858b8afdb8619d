import { inRoot } from '../lib/paths.mjs';

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
 * Native parts come from the folder beside the program.
 * @returns {import('vite').Plugin}
 */
export function nativePartsBeside() {
  return {
    name: 'hawser-native-parts',
    enforce: 'pre',
    resolveId(source, importer = '') {
      const at = replacements.findIndex((each) => each.source.test(source) && each.importer.test(importer));
      return at < 0 ? null : `\0hawser-native-parts:${at}.cjs`;
    },
    load(id) {
      const at = /^\0hawser-native-parts:(\d+)\.cjs$/.exec(id)?.[1];
      return at === undefined ? null : (replacements[Number(at)]?.code ?? null);
    },
  };
}
