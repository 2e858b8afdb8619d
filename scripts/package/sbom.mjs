import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { capture, lastLines } from '../lib/exec.mjs';
import { SetupError } from '../lib/steps.mjs';

/**
 * @typedef {{ 'bom-ref': string, name: string, version: string, scope?: string, properties?: { name: string, value: string }[] }} Component
 * @typedef {{ metadata: { component: Component }, components: Component[], dependencies: { ref: string, dependsOn?: string[] }[] }} Bom
 */

/** @param {string} folder of a package @returns {string} as `zod@4.6.7` */
function referenceOf(folder) {
  const { name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return `${name}@${version}`;
}

/** @param {string} name @param {string} version @param {string} licence */
const program = (name, version, licence) => ({
  'bom-ref': `${name}@${version}`,
  type: 'framework',
  name,
  version,
  scope: 'required',
  purl: `pkg:github/${name === 'electron' ? 'electron/electron@v' : 'nodejs/node@v'}${version}`,
  licenses: [{ license: { id: licence } }],
});

/**
 * The bill of materials (CycloneDX 1.5) of what is in a package: npm's own of the whole checkout, less what only builds and tests it,
 * and the two programs that it is carried by.
 * @param {readonly string[]} folders of the packages whose code is in it
 * @param {{ electron: string, node: string | null }} programs their versions
 */
export async function sbom(folders, { electron, node }) {
  const words = [
    'sbom',
    '--sbom-format=cyclonedx',
    '--sbom-type=application',
    '--package-lock-only',
    '--include=dev',
  ];
  const { code, stdout, output } = await capture('npm', words);
  if (code !== 0)
    throw new SetupError(`package: npm sbom failed with status ${code}:\n${lastLines(output, 5)}`);
  /** @type {Bom} */
  const bom = JSON.parse(stdout);
  const wanted = new Set(folders.map(referenceOf));
  const own = bom.metadata.component;
  own.name = 'hawser';
  const kept = bom.components.filter((one) => wanted.has(`${one.name}@${one.version}`));
  const missing = [...wanted].filter((ref) => !kept.some((one) => `${one.name}@${one.version}` === ref));
  if (missing.length > 0) throw new SetupError(`package: npm sbom does not know ${missing.join(', ')}.`);
  // In a package it makes no difference which of our lists a library came by.
  for (const one of kept) {
    one.scope = 'required';
    one.properties = one.properties?.filter(({ name }) => name !== 'cdx:npm:package:development') ?? [];
  }
  const programs = [
    program('electron', electron, 'MIT'),
    ...(node === null ? [] : [program('node', node, 'MIT')]),
  ];
  const there = new Set([own['bom-ref'], ...kept.map((one) => one['bom-ref'])]);
  const links = bom.dependencies.filter(({ ref }) => there.has(ref));
  for (const link of links) link.dependsOn = link.dependsOn?.filter((ref) => there.has(ref)) ?? [];
  const first = links.find(({ ref }) => ref === own['bom-ref']);
  first?.dependsOn?.push(...programs.map((one) => one['bom-ref']));
  return { ...bom, components: [...kept, ...programs], dependencies: links };
}
