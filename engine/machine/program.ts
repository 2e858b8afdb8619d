import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { HawserError } from '../../transports/errors/error.ts';
import { engineErrors } from '../errors.ts';
import { HOST_MACHINES, MACHINES, readAt, readElfHeader } from './elf.ts';

/** The program as GDB is to be given it; rejects what cannot be run with the reason. */
export function checkProgram(program: string, cwd: string, searchPath: string): string {
  const path = program.includes('/')
    ? join(program.startsWith('/') ? '' : cwd, program)
    : find(program, cwd, searchPath);
  let kind: ReturnType<typeof statSync>;
  try {
    kind = statSync(path);
  } catch {
    throw engineErrors.programNotFound(program);
  }
  const refuse = (why: string) => engineErrors.programNotExecutable(program, why);
  if (!existsSync(cwd)) throw refuse(`there is no folder ${cwd} to run it in`);
  if (kind?.isDirectory()) throw refuse('it is a folder');
  if (!kind?.isFile()) throw refuse('it is no file');
  try {
    accessSync(path, constants.X_OK);
  } catch {
    throw refuse('it has no permission to be executed');
  }
  checkFormat(path, refuse);
  return path;
}

function find(program: string, cwd: string, searchPath: string): string {
  for (const folder of [cwd, ...searchPath.split(delimiter)]) {
    const path = join(folder, program);
    try {
      if (statSync(path).isFile()) return path;
    } catch {
      // Not in this one.
    }
  }
  throw engineErrors.programNotFound(program);
}

function checkFormat(path: string, refuse: (why: string) => HawserError): void {
  const header = readElfHeader(path);
  if (!header) {
    const start = readAt(path, 0, 128).toString('latin1');
    const script = /^#!\s*(\S+)/.exec(start);
    if (script) throw refuse(`it is a script; debug its interpreter instead: ${script[1]} ${path}`);
    throw refuse('it is not an ELF program');
  }
  if (header.type !== 2 && header.type !== 3) throw refuse('it is an ELF file, but not a program');
  const accepted = HOST_MACHINES[process.arch];
  if (accepted && !accepted.includes(header.machine)) {
    throw refuse(
      `it is for ${MACHINES[header.machine] ?? `machine ${header.machine}`}, this machine is ${process.arch}`,
    );
  }
}
