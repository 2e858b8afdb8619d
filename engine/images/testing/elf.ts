import { execFileSync } from 'node:child_process';
import { existsSync, renameSync, statSync } from 'node:fs';
import { compile } from '../../gdb/testing/programs.ts';
import { inspectElf } from '../elf-file.ts';

/** A library of some size, compiled once. `seed` makes another one with the same function. */
export function library(seed: number, kilobytes = 64, flags: readonly string[] = []): string {
  const source = `int seed = ${seed};
static const char filling[${kilobytes * 1024}] = {${seed & 0x7f}, 1, 2};
int answer(int i) { return filling[i] + seed; }
`;
  return compile('libanswer.so.c', source, ['-g', '-shared', '-fPIC', ...flags]).path;
}

export const withoutBuildId = (seed: number) => library(seed, 64, ['-Wl,--build-id=none']);

/** Its separate debug information. */
export function debugOf(path: string): string {
  const made = `${path}.debug`;
  if (!existsSync(made)) {
    execFileSync('objcopy', ['--only-keep-debug', path, `${made}.${process.pid}`]);
    renameSync(`${made}.${process.pid}`, made);
  }
  return made;
}

export async function buildIdOf(path: string): Promise<string> {
  const id = (await inspectElf(path))?.buildId;
  if (!id) throw new Error(`${path} has no build id`);
  return id;
}

export const sizeOf = (path: string) => statSync(path).size;
