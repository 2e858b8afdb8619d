import { closeSync, openSync, readlinkSync, readSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { architectureOfFile } from './images.ts';
import { inTurn } from './in-turn.ts';
import type { ProcessEntry } from './machine.ts';
import {
  isKernelThread,
  parseStatus,
  plainObstacle,
  realId,
  type Status,
  type Tracer,
  tracerObstacle,
  tracerPid,
} from './obstacles.ts';
import { userNames } from './users.ts';

/** Who attaches, and who of our own has a process already. */
export interface Onlooker {
  readonly tracer: Tracer;
  /** In words, who debugs through this tracing process; null: it is none of ours. */
  readonly holder: (tracer: number) => string | null;
}

/** No machine runs more programs that somebody wants to choose from. */
const MAX_PROCESSES = 16_384;
/** Of one command line, and of all together, characters. */
const COMMAND_LINE = 4096;
const COMMAND_LINES = 6 << 20;
/** Processes read before others get their turn. */
const BATCH = 64;
const AT_ONCE = 16;
/** What the kernel counts a process's start in; the same on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;
/** A process whose memory cannot be looked into now (a dead network file system) holds up nobody. */
const PATIENCE_MS = 1_000;

/** What `stat`, `status` and the links say: the kernel answers these at once, whatever the process does. */
interface Plain {
  readonly pid: number;
  readonly stat: readonly string[];
  readonly comm: string;
  readonly kernel: boolean;
  readonly status: Status;
  /** '' where it may not be seen. */
  readonly executable: string;
}

/** All processes but threads of the kernel, by pid. */
export async function listProcesses(onlooker: Onlooker): Promise<readonly ProcessEntry[]> {
  const pids = (await readdir('/proc'))
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .sort((a, b) => a - b);
  const found: Plain[] = [];
  for (const [index, pid] of pids.entries()) {
    if (index % BATCH === BATCH - 1) await new Promise((turn) => setImmediate(turn));
    const plain = readPlain(pid);
    if (plain && !plain.kernel) found.push(plain);
    if (found.length === MAX_PROCESSES) break;
  }
  const room = Math.min(COMMAND_LINE, Math.trunc(COMMAND_LINES / found.length));
  const describe = await describer(onlooker, room);
  return inTurn(found, AT_ONCE, describe);
}

/** One process; null: there is none. */
export async function readProcess(
  pid: number,
  onlooker: Onlooker,
): Promise<{ readonly entry: ProcessEntry; readonly executable: string; readonly threads: number } | null> {
  const plain = readPlain(pid);
  if (!plain) return null;
  const describe = await describer(onlooker, COMMAND_LINE);
  return {
    entry: await describe(plain),
    executable: plain.executable,
    threads: Number(plain.status.Threads ?? 0),
  };
}

/** The arguments of a process, its own name first; none where they may not be seen. */
export async function argumentsOf(pid: number): Promise<readonly string[]> {
  const bytes = await commandLine(pid);
  return bytes.length === 0 ? [] : bytes.toString('utf8').replace(/\0$/, '').split('\0');
}

async function describer(onlooker: Onlooker, room: number): Promise<(plain: Plain) => Promise<ProcessEntry>> {
  const [userOf, boot] = await Promise.all([userNames(), bootTime()]);
  const architectures = new Map<string, Promise<string | null>>();
  /** One reading serves all processes of a program; one of them that ended meanwhile speaks for no other. */
  const architecture = async ({ pid, executable }: Plain): Promise<string> => {
    if (executable === '') return '';
    const known = await architectures.get(executable);
    if (known === undefined || known === '') {
      const reading = within(architectureOfFile(`/proc/${pid}/exe`), null);
      architectures.set(executable, reading);
      return (await reading) ?? '';
    }
    return known ?? '';
  };
  return async (plain) => {
    const { pid, status, stat } = plain;
    const line = await commandLine(pid, room + 1);
    const started = boot + (Number(stat[19]) * 1000) / TICKS_PER_SECOND;
    return {
      pid,
      parent: Number(stat[1]),
      name: nameOf(plain, line),
      user: userOf(realId(status, 'Uid')),
      commandLine: line.toString('utf8').replaceAll('\0', ' ').trim().slice(0, room),
      architecture: await architecture(plain),
      started: boot > 0 ? Math.trunc(started) : 0,
      obstacle: obstacleOf(plain, onlooker),
    };
  };
}

function obstacleOf({ pid, status, kernel }: Plain, { tracer, holder }: Onlooker): string | null {
  const who = tracerPid(status) > 0 ? holder(tracerPid(status)) : null;
  if (who !== null) return `${who} debugs it through this server`;
  const seen = plainObstacle(pid, status, kernel, tracer.own, nameOfPid) ?? tracerObstacle(status, tracer);
  return seen && seen.why.charAt(0).toUpperCase() + seen.why.slice(1);
}

function nameOfPid(pid: number): string {
  return readPlain(pid)?.comm ?? 'unknown';
}

/** The kernel's own name is cut after 15 characters. */
function nameOf({ comm, executable }: Plain, line: Buffer): string {
  if (executable !== '') return basename(executable.replace(/ \(deleted\)$/, ''));
  const end = line.indexOf(0);
  const called = basename(line.toString('utf8', 0, end < 0 ? line.length : end));
  return called.startsWith(comm) ? called : comm;
}

const buffer = Buffer.alloc(16 * 1024);

/** Null: there is no such process (any more). */
function readPlain(pid: number): Plain | null {
  try {
    const stat = readNow(`/proc/${pid}/stat`);
    const end = stat.lastIndexOf(')');
    return {
      pid,
      comm: stat.slice(stat.indexOf('(') + 1, end),
      stat: stat.slice(end + 2).split(' '),
      kernel: isKernelThread(stat),
      status: parseStatus(readNow(`/proc/${pid}/status`)),
      executable: linkOf(`/proc/${pid}/exe`),
    };
  } catch {
    return null;
  }
}

function readNow(path: string): string {
  const file = openSync(path, 'r');
  try {
    return buffer.toString('utf8', 0, readSync(file, buffer, 0, buffer.length, 0));
  } finally {
    closeSync(file);
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

/** Processes of which a command line is being waited for. */
const waiting = new Set<number>();

async function commandLine(pid: number, most = Number.POSITIVE_INFINITY): Promise<Buffer> {
  if (waiting.has(pid)) return Buffer.alloc(0);
  waiting.add(pid);
  const reading = readFile(`/proc/${pid}/cmdline`)
    .catch(() => Buffer.alloc(0))
    .finally(() => waiting.delete(pid));
  const line = await within(reading, Buffer.alloc(0));
  return line.length > most * 4 ? line.subarray(0, most * 4) : line;
}

async function within<T, U>(wanted: Promise<T>, otherwise: U): Promise<T | U> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<U>((resolve) => {
    timer = setTimeout(() => resolve(otherwise), PATIENCE_MS);
  });
  try {
    return await Promise.race([wanted, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Milliseconds since the epoch; 0 where it is not told. */
async function bootTime(): Promise<number> {
  const stat = await readFile('/proc/stat', 'utf8').catch(() => '');
  return Number(/^btime (\d+)$/m.exec(stat)?.[1] ?? 0) * 1000;
}
