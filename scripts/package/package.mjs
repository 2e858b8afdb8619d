import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { which } from '../lib/exec.mjs';
import { inRoot } from '../lib/paths.mjs';
import { SetupError } from '../lib/steps.mjs';
import { assemble } from './assemble.mjs';
import { makeArchive, makeDeb } from './linux.mjs';
import { platforms } from './platforms.mjs';

export const kinds = ['folder', 'tar', 'deb'];

/**
 * @typedef {object} Options as they were typed
 * @property {string} [platform] this machine's when not given
 * @property {string} [arch]
 * @property {string} [only]     kinds, with commas; `folder` alone makes no archives
 * @property {string} [node]
 * @property {string} [output]   `dist/package` when not given
 * @property {string} [electron]
 * @property {boolean} [quick]
 */

/** @template {string} T @param {string} what @param {string} text @param {readonly T[]} among @returns {T} */
function oneOf(what, text, among) {
  const found = among.find((one) => one === text);
  if (found === undefined)
    throw new SetupError(`package: the ${what} ${text} is not one of ${among.join(', ')}.`);
  return found;
}

/**
 * @param {Options} options
 * @param {(line: string) => void} say
 */
export async function makePackages(options, say) {
  const { output = inRoot('dist/package'), electron, node, quick = false } = options;
  const known = /** @type {('linux' | 'win32' | 'darwin')[]} */ (Object.keys(platforms));
  const platform = oneOf('platform', options.platform ?? process.platform, known);
  const arch = oneOf('architecture', options.arch ?? process.arch, /** @type {const} */ (['x64', 'arm64']));
  const only = (options.only ?? (platform === 'linux' ? kinds.join(',') : 'folder'))
    .split(',')
    .map((kind) => oneOf('kind', kind, kinds));
  if (electron)
    say(
      `  WITH ELECTRON FROM ${electron}, NOT AN OFFICIAL RELEASE: for trials on this machine, never to be handed on`,
    );
  const version = String(JSON.parse(readFileSync(inRoot('package.json'), 'utf8')).version);
  const name = `hawser-${version}-${platform}-${arch}`;
  mkdirSync(output, { recursive: true });
  const work = mkdtempSync(join(output, '.work-'));
  /** @param {string} file */
  const made = (file) =>
    say(`  ${relative(inRoot(), file).padEnd(52)} ${(statSync(file).size / 1e6).toFixed(1)} MB`);
  try {
    const folder = await assemble(
      {
        platform,
        arch,
        work,
        output: join(output, name),
        ...(electron && { electron }),
        ...(node && { node }),
      },
      say,
    );
    say(`  ${relative(inRoot(), folder)}/`);
    if (only.includes('tar')) {
      const file = join(output, `${name}.tar.${quick ? 'gz' : 'xz'}`);
      await makeArchive(folder, file, quick);
      made(file);
    }
    if (only.includes('deb') && which('dpkg-deb') === undefined) say('  no .deb: dpkg-deb is not installed');
    else if (only.includes('deb')) {
      const file = join(output, `hawser_${version}_${arch === 'x64' ? 'amd64' : arch}.deb`);
      await makeDeb(folder, { version, arch, work, output: file, quick });
      made(file);
    }
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
