import {
  accessSync,
  constants,
  existsSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  statSync,
} from 'node:fs';
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

interface Status {
  readonly [name: string]: string;
}

function readStatus(pid: number, proc: string): Status | null {
  try {
    const lines = readFileSync(`${proc}/${pid}/status`, 'utf8').split('\n');
    return Object.fromEntries(lines.map((line) => line.split(/:\s*/, 2) as [string, string]));
  } catch {
    return null;
  }
}

/** What forbids attaching before it is tried; null: nothing that can be seen. */
export function attachObstacle(pid: number, gdbPid: number, proc = '/proc'): HawserError | null {
  const refuse = (why: string, action: string) => engineErrors.attachRefused(pid, why, action);
  const status = readStatus(pid, proc);
  if (!status) return refuse('there is no such process', 'Check the process id; ps lists those there are.');
  if (pid === process.pid || pid === gdbPid) {
    return refuse('it is the debugger itself', 'Choose another process.');
  }
  if (isKernelThread(pid, proc)) {
    return refuse(
      `it is a thread of the kernel (${status.Name ?? ''}), not a program`,
      'Choose a process; ps shows threads of the kernel in square brackets.',
    );
  }
  if (status.State?.startsWith('Z')) {
    return refuse(
      'it has ended already (a zombie that its parent has not collected)',
      'There is nothing left to debug in it.',
    );
  }
  const tracer = Number(status.TracerPid ?? 0);
  if (tracer > 0) {
    const name = readStatus(tracer, proc)?.Name ?? 'unknown';
    return refuse(`another debugger is attached to it: ${name}, process ${tracer}`, 'Detach that one first.');
  }
  return null;
}

const PF_KTHREAD = 0x200000;

/** By the process's flags, the seventh number behind its name. */
function isKernelThread(pid: number, proc: string): boolean {
  try {
    const stat = readFileSync(`${proc}/${pid}/stat`, 'utf8');
    const flags = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[6];
    return (Number(flags) & PF_KTHREAD) !== 0;
  } catch {
    return false;
  }
}

/** Why the system refused GDB, once it has; `message` is what GDB said. */
export function attachRefusal(pid: number, gdbPid: number, message: string, proc = '/proc'): HawserError {
  const refuse = (why: string, action: string) => engineErrors.attachRefused(pid, why, action);
  const seen = attachObstacle(pid, gdbPid, proc);
  if (seen) return seen;
  const own = readStatus(gdbPid, proc);
  const uid = userOf(own);
  const theirs = userOf(readStatus(pid, proc));
  const mayTrace = (BigInt(`0x${own?.CapEff ?? '0'}`) & CAP_SYS_PTRACE) !== 0n;
  if (theirs !== uid && !mayTrace) {
    return refuse(
      `it belongs to another user (uid ${theirs}, yours is ${uid})`,
      'Attach as that user, or as root with sudo.',
    );
  }
  const scope = ptraceScope(proc);
  if (scope === 3 || (scope > 0 && !mayTrace)) {
    return refuse(
      `the system forbids it (kernel.yama.ptrace_scope is ${scope})`,
      scope === 3
        ? 'Scope 3 stays until the next start of the machine; start the program under the debugger instead.'
        : 'Run sudo sysctl kernel.yama.ptrace_scope=0, use root, or start the program under the debugger.',
    );
  }
  if (own?.Seccomp === '2' || inContainer()) {
    return refuse(
      'this container or sandbox does not allow tracing (no CAP_SYS_PTRACE, or a seccomp filter)',
      'Start the container with --cap-add=SYS_PTRACE, or debug from the host.',
    );
  }
  const said = message.replace(/\.$/, '');
  return refuse(said || 'the system refused', 'See the kernel log for a security module that forbids it.');
}

const CAP_SYS_PTRACE = 1n << 19n;

/** The real user id. */
function userOf(status: Status | null): number {
  return Number(status?.Uid?.split(/\s+/)[0] ?? -1);
}

function ptraceScope(proc: string): number {
  try {
    return Number(readFileSync(`${proc}/sys/kernel/yama/ptrace_scope`, 'utf8'));
  } catch {
    return 0;
  }
}

function inContainer(): boolean {
  return process.env.container !== undefined || existsSync('/.dockerenv') || existsSync('/run/.containerenv');
}

/** Real path, or the path itself where it is of no file here. */
export function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** The program that a process runs. */
export function executableOf(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/exe`);
  } catch {
    return '';
  }
}

export function argumentsOf(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(1, -1);
  } catch {
    return [];
  }
}
