import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compile } from '../../gdb/testing/programs.ts';

export interface Sleepers {
  /** Of shared libraries: `/opt/sleeper` there. */
  readonly sleeper: string;
  /** Static: `/mnt/alone` there, on a file system of its own. */
  readonly alone: string;
}

/** Programs that sleep there, in two threads each (`sleeper.c`). */
export function sleepers(): Sleepers {
  const source = readFileSync(join(import.meta.dirname, 'sleeper.c'), 'utf8');
  const flags = ['-g', '-O1', '-Wl,--build-id', '-Wno-unused-result'];
  return {
    sleeper: compile('sleeper.c', source, flags).path,
    alone: compile('alone.c', source, [...flags, '-static']).path,
  };
}

/** What a program needs, its loader too. */
export function librariesOf(program: string): readonly string[] {
  const listed = execFileSync('ldd', [program], { encoding: 'utf8' });
  return [...listed.matchAll(/(\/\S+) \(0x/g)].map(([, path]) => path ?? '');
}
