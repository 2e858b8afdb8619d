import { readdirSync } from 'node:fs';
import { capture, which } from '../lib/exec.mjs';

export const haveApt = () => which('apt-get') !== undefined && which('apt-cache') !== undefined;

/** Whether apt has been told what there is; a fresh container image has not. */
export function haveLists() {
  try {
    return readdirSync('/var/lib/apt/lists').some((name) => /_Packages(\.\w+)?$/.test(name));
  } catch {
    return false;
  }
}

const environment = () => ({ ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' });

/** @param {string[]} args */
const apt = (args) =>
  capture('apt-get', ['-o', 'DPkg::Lock::Timeout=300', '-o', 'Dpkg::Use-Pty=0', ...args], {
    env: environment(),
  });

export const update = () => apt(['update']);

/** @param {string[]} packages */
export const install = (packages) => apt(['install', '-y', '--no-install-recommends', ...packages]);

/**
 * Of each group of alternative names the first that apt could install, else the last, which is the oldest name.
 * @param {string[][]} alternatives
 */
export async function chooseNames(alternatives) {
  const { stdout } = await capture('apt-cache', ['policy', ...alternatives.flat()], { env: environment() });
  /** @type {Set<string>} */
  const available = new Set();
  let current = '';
  for (const line of stdout.split('\n')) {
    const heading = /^(\S+):$/.exec(line);
    if (heading) current = heading[1] ?? '';
    else if (/^ {2}Candidate: (?!\(none\))/.test(line)) available.add(current);
  }
  const chosen = alternatives.map((names) => names.find((name) => available.has(name)) ?? names.at(-1) ?? '');
  return [...new Set(chosen)];
}
