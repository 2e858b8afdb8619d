import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { inRoot } from '../lib/paths.mjs';

/** @typedef {{ title: string, text: string }} Licence */

/** @param {string} module @returns {string | undefined} the folder of the package that a module is of */
const packageOf = (module) => /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(module)?.[0];

/** @param {string} folder */
function textOf(folder) {
  const file = readdirSync(folder).find((name) => /^licen[cs]e(\.\w+)?$/i.test(name));
  return file && readFileSync(join(folder, file), 'utf8').trim();
}

/** @param {string} folder */
function entry(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return { title: `${name} ${version} (${license})`, text: textOf(folder) ?? `Licence: ${license}` };
}

/** @param {string} node */
function licenceOfNode(node) {
  const places = [join(dirname(node), '../LICENSE'), '/usr/share/doc/nodejs/LICENSE'];
  const file = places.find((path) => existsSync(path) && readFileSync(path, 'utf8').startsWith('Node.js'));
  const text = file
    ? readFileSync(file, 'utf8').trim()
    : `MIT, and those of its parts: https://github.com/nodejs/node/blob/v${process.versions.node}/LICENSE`;
  return { title: `Node.js ${process.versions.node}, in the executable`, text };
}

/** @param {readonly string[]} modules files @returns {string[]} the folders of the packages that they are of */
export const packagesOf = (modules) =>
  [...new Set(modules.map(packageOf).filter((folder) => folder !== undefined))].sort();

/**
 * The licences of all that is in a program.
 * @param {readonly string[]} modules the files that it was made of
 * @param {string | null} node the program that the executable was made of
 * @param {readonly Licence[]} [more]
 */
export function licences(modules, node, more = []) {
  const own = { title: 'Hawser (MIT)', text: readFileSync(inRoot('LICENSE'), 'utf8').trim() };
  return [own, ...packagesOf(modules).map(entry), ...(node === null ? [] : [licenceOfNode(node)]), ...more]
    .map(({ title, text }) => `${'='.repeat(80)}\n${title}\n${'='.repeat(80)}\n\n${text}\n`)
    .join('\n');
}
