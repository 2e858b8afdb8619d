import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { inRoot, root } from '../lib/paths.mjs';
import { stampFile, target } from './targets.mjs';

const ignored = /(^\.)|(\.test\.tsx?$)|(\.md$)|(^tsconfig\.json$)|(^__pycache__$)|(^hawser$)/;

/**
 * @param {string} base
 * @param {string} path
 * @param {string[]} lines
 */
function scan(base, path, lines) {
  const found = statSync(join(base, path), { throwIfNoEntry: false });
  if (!found) return;
  if (!found.isDirectory()) {
    lines.push(`${path} ${found.mtimeMs} ${found.size}`);
    return;
  }
  for (const name of readdirSync(join(base, path)).sort()) {
    if (!ignored.test(name)) scan(base, join(path, name), lines);
  }
}

/**
 * Names, times and sizes rather than contents: every start of the console tool asks.
 * @param {string[]} inputs
 * @param {string} [base]
 */
export function fingerprintOf(inputs, base = root) {
  /** @type {string[]} */
  const lines = [];
  for (const input of inputs) scan(base, input, lines);
  return createHash('sha1').update(lines.join('\n')).digest('hex');
}

/** @param {string} name */
export const fingerprint = (name) => fingerprintOf(target(name).inputs);

/** @param {string} name */
export function isFresh(name) {
  if (!existsSync(inRoot(target(name).output))) return false;
  try {
    return readFileSync(stampFile(name), 'utf8') === fingerprint(name);
  } catch {
    return false;
  }
}

/** @param {string} name @param {string} print the fingerprint taken before the build read its first file */
export function markFresh(name, print) {
  mkdirSync(dirname(stampFile(name)), { recursive: true });
  writeFileSync(stampFile(name), print);
}
