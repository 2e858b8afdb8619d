import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { root, work } from './paths.ts';

const changed = (path: string) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

/** Compiles `e2e/programs/NAME.c` when it has changed. @returns the program's path */
export function compiled(name: string): string {
  const folder = join(work, 'programs');
  const source = join(root, 'e2e', 'programs', `${name}.c`);
  const program = join(folder, name);
  if (changed(program) > changed(source)) return program;
  mkdirSync(folder, { recursive: true });
  const fresh = `${program}.${process.pid}`;
  execFileSync('gcc', ['-g', '-O0', '-pthread', '-o', fresh, source], { stdio: 'inherit' });
  renameSync(fresh, program);
  return program;
}
