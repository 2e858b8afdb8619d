import { chmodSync, copyFileSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { inRoot } from '../lib/paths.mjs';
import { SetupError } from '../lib/steps.mjs';
import { bundleConfig } from './config.mjs';
import { makeExecutable } from './executable.mjs';
import { licences } from './licences.mjs';
import { copyNativeParts } from './native-parts.mjs';
import { host, targets } from './node-binary.mjs';
import { officialNode } from './official-node.mjs';

const script = 'hawser.cjs';

/** @param {string} output @returns {Promise<string[]>} the modules in it */
async function makeScript(output) {
  const { build } = await import('vite');
  const result = await build({ ...bundleConfig(output, script), configFile: false, logLevel: 'warn' });
  const { output: chunks } = /** @type {import('vite').Rolldown.RolldownOutput} */ (result);
  chmodSync(join(output, script), 0o755);
  return chunks.flatMap((chunk) => (chunk.type === 'chunk' ? Object.keys(chunk.modules) : []));
}

/**
 * @typedef {object} Wanted
 * @property {string} [target]  the machine that it is for, as `linux-arm64`; this one when not given
 * @property {string} [node]    the Node that the executable is made of
 * @property {string} [output]  the folder; `dist/bundle` when not given
 */

/**
 * Makes the console tools into one JavaScript file and one executable.
 * @param {Wanted} wanted
 * @param {(line: string) => void} say
 * @returns {Promise<{ modules: string[], node: string, executable: string }>} what it was made of, and the executable
 */
export async function bundle({ target = host, node, output = inRoot('dist/bundle') }, say) {
  if (!targets.includes(target))
    throw new SetupError(`bundle: the target ${target} is not one of ${targets.join(', ')}.`);
  const from = node ?? (target === host ? process.execPath : await officialNode(target));
  mkdirSync(output, { recursive: true });
  /** @param {string} file */
  const made = (file) =>
    say(`  ${relative(inRoot(), file).padEnd(40)} ${(statSync(file).size / 1e6).toFixed(1)} MB`);
  const modules = await makeScript(output);
  made(join(output, script));
  const notes = [await copyNativeParts(target, join(output, 'native'))];
  const executable = join(output, target === host ? 'hawser' : `hawser-${target}`);
  notes.push(await makeExecutable({ script: join(output, script), node: from, target, output: executable }));
  made(executable);
  writeFileSync(join(output, 'LICENSES.txt'), licences(modules, from));
  copyFileSync(inRoot('docs/bundle.md'), join(output, 'README.md'));
  for (const note of notes) if (note) say(`  ${note}`);
  return { modules, node: from, executable };
}
