import { existsSync, readFileSync } from 'node:fs';
import type { HawserError } from '../../transports/errors/error.ts';
import { engineErrors } from '../errors.ts';

/** The lines of /proc/PID/status, by name. */
export interface Status {
  readonly [name: string]: string;
}

/** Why one cannot attach, and what to do about it. */
export interface Obstacle {
  readonly why: string;
  readonly action: string;
}

/** Who would attach. */
export interface Tracer {
  /** Processes that cannot debug themselves: the debugger and its engine. */
  readonly own: readonly number[];
  readonly uid: number;
  readonly gid: number;
  /** Has CAP_SYS_PTRACE. */
  readonly mayTrace: boolean;
  readonly yamaScope: number;
}

const PF_KTHREAD = 0x200000;
const CAP_SYS_PTRACE = 1n << 19n;

export function parseStatus(text: string): Status {
  return Object.fromEntries(text.split('\n').map((line) => line.split(/:\s*/, 2) as [string, string]));
}

function readStatus(pid: number, proc: string): Status | null {
  try {
    return parseStatus(readFileSync(`${proc}/${pid}/status`, 'utf8'));
  } catch {
    return null;
  }
}

/** By the process's flags in its stat line, the seventh field behind its name. */
export function isKernelThread(stat: string): boolean {
  const flags = stat.slice(stat.lastIndexOf(')') + 2).split(' ', 7)[6];
  return (Number(flags) & PF_KTHREAD) !== 0;
}

/** This process, or another that attaches for it. */
export function tracerOf(pid: number, own: readonly number[], proc = '/proc'): Tracer {
  const status = readStatus(pid, proc);
  return {
    own,
    uid: realId(status, 'Uid'),
    gid: realId(status, 'Gid'),
    mayTrace: (BigInt(`0x${status?.CapEff ?? '0'}`) & CAP_SYS_PTRACE) !== 0n,
    yamaScope: ptraceScope(proc),
  };
}

/** What forbids attaching whoever asks. `nameOf`: of the program of a process. */
export function plainObstacle(
  pid: number,
  status: Status,
  kernel: boolean,
  own: readonly number[],
  nameOf: (pid: number) => string,
): Obstacle | null {
  if (own.includes(pid)) return { why: 'it is the debugger itself', action: 'Choose another process.' };
  if (kernel) {
    return {
      why: `it is a thread of the kernel (${status.Name ?? ''}), not a program`,
      action: 'Choose a process; ps shows threads of the kernel in square brackets.',
    };
  }
  if (status.State?.startsWith('Z')) {
    return {
      why: 'it has ended already (a zombie that its parent has not collected)',
      action: 'There is nothing left to debug in it.',
    };
  }
  const tracer = tracerPid(status);
  if (tracer === 0) return null;
  return {
    why: `another debugger is attached to it: ${nameOf(tracer)}, process ${tracer}`,
    action: 'Detach that one first.',
  };
}

/** What forbids attaching to this tracer, as far as it can be seen before. */
export function tracerObstacle(status: Status, tracer: Tracer): Obstacle | null {
  const theirs = realId(status, 'Uid');
  if (!tracer.mayTrace && !isOnly(status.Uid, tracer.uid)) {
    return {
      why: `it belongs to another user (uid ${theirs}, yours is ${tracer.uid})`,
      action: 'Attach as that user, or as root with sudo.',
    };
  }
  const scope = tracer.yamaScope;
  if (scope !== 3 && (scope === 0 || tracer.mayTrace)) return null;
  return {
    why: `the system forbids it (kernel.yama.ptrace_scope is ${scope})`,
    action:
      scope === 3
        ? 'Scope 3 stays until the next start of the machine; start the program under the debugger instead.'
        : 'Run sudo sysctl kernel.yama.ptrace_scope=0, use root, or start the program under the debugger.',
  };
}

export function tracerPid(status: Status): number {
  return Number(status.TracerPid ?? 0);
}

/** What forbids attaching before it is tried; null: nothing that can be seen. */
export function attachObstacle(pid: number, gdbPid: number, proc = '/proc'): HawserError | null {
  const status = readStatus(pid, proc);
  if (!status) return noProcess(pid);
  const nameOf = (other: number) => readStatus(other, proc)?.Name ?? 'unknown';
  const kernel = isKernelThread(readStat(pid, proc));
  const seen = plainObstacle(pid, status, kernel, [process.pid, gdbPid], nameOf);
  return seen && engineErrors.attachRefused(pid, seen.why, seen.action);
}

export function noProcess(pid: number): HawserError {
  return engineErrors.attachRefused(
    pid,
    'there is no such process',
    'Check the process id; ps lists those there are.',
  );
}

function readStat(pid: number, proc: string): string {
  try {
    return readFileSync(`${proc}/${pid}/stat`, 'utf8');
  } catch {
    return '';
  }
}

/** Why the system refused GDB, once it has; `message` is what GDB said. */
export function attachRefusal(pid: number, gdbPid: number, message: string, proc = '/proc'): HawserError {
  const refuse = ({ why, action }: Obstacle) => engineErrors.attachRefused(pid, why, action);
  const seen = attachObstacle(pid, gdbPid, proc);
  if (seen) return seen;
  const theirs = readStatus(pid, proc);
  const forbidden = theirs && tracerObstacle(theirs, tracerOf(gdbPid, [], proc));
  if (forbidden) return refuse(forbidden);
  if (readStatus(gdbPid, proc)?.Seccomp === '2' || inContainer()) {
    return refuse({
      why: 'this container or sandbox does not allow tracing (no CAP_SYS_PTRACE, or a seccomp filter)',
      action: 'Start the container with --cap-add=SYS_PTRACE, or debug from the host.',
    });
  }
  const said = message.replace(/\.$/, '');
  return refuse({
    why: said || 'the system refused',
    action: 'See the kernel log for a security module that forbids it.',
  });
}

/** Of the real, effective, saved and file system's ids of a status line, the first. */
export function realId(status: Status | null, name: 'Uid' | 'Gid'): number {
  return Number(status?.[name]?.split(/\s+/)[0] ?? -1);
}

/** Whether a program changed none of its ids, as one with set-user-id does. */
function isOnly(ids: string | undefined, id: number): boolean {
  return (ids ?? '')
    .trim()
    .split(/\s+/)
    .slice(0, 3)
    .every((each) => Number(each) === id);
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
