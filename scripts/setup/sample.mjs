import { mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { capture } from '../lib/exec.mjs';
import { inRoot, workDir } from '../lib/paths.mjs';
import { SetupError } from '../lib/steps.mjs';

const source = 'samples/parcels.c';

/** The compiled sample program. */
export const samplePath = join(workDir, 'samples/parcels');

/** @param {string} path */
const changed = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

async function compile() {
  mkdirSync(dirname(samplePath), { recursive: true });
  const fresh = `${samplePath}.new-${process.pid}`;
  const { code, output } = await capture('gcc', ['-g', '-O0', '-pthread', '-o', fresh, source]);
  if (code !== 0) throw new SetupError(`\ngcc could not compile ${source}:\n\n${output}`);
  // A server may be running the old one: it keeps its file.
  renameSync(fresh, samplePath);
  return source;
}

/** @returns {import('../lib/steps.mjs').Step} */
export const sampleStep = () => ({
  name: 'sample program',
  ready: () => (changed(samplePath) > changed(inRoot(source)) ? 'up to date' : undefined),
  run: compile,
});
