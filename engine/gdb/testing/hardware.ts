import { spawnSync } from 'node:child_process';
import { compile } from './programs.ts';

let known: string | null | undefined;

/**
 * Why tests of hardware breakpoints cannot run; null: they can. Some virtual machines take what is written into the debug
 * registers and never stop for it: GDB says that all is well, and the program runs past. So GDB alone is tried.
 */
export function noDebugRegisters(): string | null {
  known ??= fires()
    ? null
    : 'this machine does not stop at hardware breakpoints: GDB alone runs past them, too';
  return known;
}

function fires(): boolean {
  const { path } = compile(
    'fires.c',
    'volatile int cell; int main(void) { cell = 1; cell = 2; return 0; }\n',
  );
  const steps = ['set debuginfod enabled off', 'starti', 'watch cell', 'continue', 'kill'];
  const { stdout } = spawnSync(
    'gdb',
    ['-nx', '-q', '-batch', ...steps.flatMap((step) => ['-ex', step]), path],
    {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...process.env, SHELL: '/bin/sh' },
    },
  );
  return /New value = /.test(stdout);
}
