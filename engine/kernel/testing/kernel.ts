import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { PROGRAMS } from '../../gdb/testing/programs.ts';

/** Whose kernel there is; its folder has that name. */
export type Architecture = 'x86-64' | 'aarch64';

const SHARED = ['kernel.c', 'kernel.h'] as const;
const OWN = ['boot.S', 'machine.c', 'machine.h', 'layout.h', 'kernel.ld'] as const;

/** No vector registers. Frame pointers, as Debian's kernels have none, are only for GDB's guesses. */
const FLAGS = [
  ...['-g', '-O1', '-Wall', '-Wextra', '-Werror', '-mgeneral-regs-only'],
  ...['-ffreestanding', '-fno-stack-protector', '-fno-pic', '-fno-pie', '-fno-omit-frame-pointer'],
  ...['-nostdlib', '-static', '-no-pie', '-Wl,--build-id', '-Wl,-z,max-page-size=4096'],
];

const COMPILERS: Readonly<Record<Architecture, { readonly gcc: string; readonly flags: readonly string[] }>> =
  {
    // No red zone: interrupts arrive on the same stack.
    'x86-64': { gcc: 'gcc', flags: ['-mcmodel=kernel', '-mno-red-zone', '-fcf-protection=none'] },
    aarch64: { gcc: 'aarch64-linux-gnu-gcc', flags: ['-mno-outline-atomics'] },
  };

export interface TestKernel {
  /** ELF with symbols; the same file is booted. */
  readonly image: string;
  /** Path of `kernel.c`. */
  readonly source: string;
  /** Number of the line, from 1, that holds the marker. */
  line(marker: string): number;
}

/** Compiles the small kernel once; a changed source is compiled anew. */
export function testKernel(machine: Architecture = 'x86-64'): TestKernel {
  const folder = import.meta.dirname;
  const { gcc, flags } = COMPILERS[machine];
  const args = [...FLAGS, ...flags, `-I${machine}`, `-Wl,-T,${machine}/kernel.ld`];
  const sources = [...SHARED, ...OWN.map((name) => `${machine}/${name}`)];
  const key = createHash('sha256').update([gcc, ...args].join(' '));
  for (const name of sources) key.update(readFileSync(join(folder, name)));
  const made = join(PROGRAMS, key.digest('hex').slice(0, 16));
  const image = join(made, 'kernel');
  if (!existsSync(image)) {
    mkdirSync(made, { recursive: true });
    const fresh = `${image}.${process.pid}`;
    const compiled = sources.filter((name) => /\.[cS]$/.test(name));
    execFileSync(gcc, [...args, '-o', fresh, ...compiled], { cwd: folder, stdio: 'pipe' });
    renameSync(fresh, image);
  }
  const source = join(folder, 'kernel.c');
  return {
    image,
    source,
    line: (marker) => {
      const index = readFileSync(source, 'utf8')
        .split('\n')
        .findIndex((line) => line.includes(marker));
      if (index < 0) throw new Error(`no line of kernel.c has ${marker}`);
      return index + 1;
    },
  };
}
