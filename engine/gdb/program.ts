import { execFile } from 'node:child_process';
import { engineErrors } from '../errors.ts';
import { architectureOfFile } from '../machine/images.ts';
import type { Stub } from '../stub/stub.ts';

/** For this machine's own programs, and one that knows all architectures, as Debian splits them. */
const PLAIN = 'gdb';
const ALL = 'gdb-multiarch';

/** What GDB calls what `uname -m` has; others have the same name. */
const NAMES: Readonly<Record<string, string>> = {
  x86_64: 'i386:x86-64',
  ppc64: 'powerpc:common64',
  ppc: 'powerpc:common',
  riscv32: 'riscv:rv32',
  riscv64: 'riscv:rv64',
  s390x: 's390:64-bit',
};

/** What every GDB of this machine knows; nobody is asked. */
const OWN: Readonly<Record<string, readonly string[]>> = {
  x64: ['i386:x86-64', 'i386'],
  arm64: ['aarch64'],
};

/**
 * The GDB that knows the architecture of what is to be debugged: `gdb` wherever it does.
 * @param file of a program, a kernel or a core; it counts where the stub does not tell
 * @throws HawserError `GDB_ARCHITECTURE`
 */
export async function gdbFor(stub: Stub | null, file: string | null): Promise<string> {
  const told = (await stub?.architecture()) ?? '';
  const name = told || (file === null ? '' : await architectureOfFile(file));
  const architecture = NAMES[name] ?? name;
  if (architecture === '' || OWN[process.arch]?.includes(architecture)) return PLAIN;
  for (const gdb of [PLAIN, ALL]) if (await knows(gdb, architecture)) return gdb;
  throw engineErrors.gdbArchitecture(name);
}

function knows(gdb: string, architecture: string): Promise<boolean> {
  const args = ['-nx', '-q', '-batch', '-ex', `set architecture ${architecture}`];
  return new Promise((resolve) => {
    execFile(gdb, args, { timeout: 30_000 }, (_error, said) =>
      resolve(said.includes(`is set to "${architecture}"`)),
    );
  });
}
