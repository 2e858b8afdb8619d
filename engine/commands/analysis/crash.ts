import { HawserError } from '../../../transports/errors/error.ts';
import type {
  Frame,
  Instruction,
  MemoryRegion,
  ModuleInfo,
  SignalInfo,
  SymbolHit,
} from '../../backend/types.ts';
import { littleEndian } from '../memory/read.ts';
import { STOP_REGISTERS } from '../registers/stop-registers.ts';
import type { DebuggerState } from '../state.ts';
import { ARM64_REGISTERS } from './arm64-registers.ts';

/** What an analysis is made of: everything about the place where a thread stands, read once. */
export interface Fault {
  readonly state: DebuggerState;
  /** Null: no signal is waiting, the target was stopped by something else. */
  readonly signal: SignalInfo | null;
  readonly thread: number;
  readonly ip: bigint;
  /** At {@link ip}; null where there is nothing that can be read. */
  readonly instruction: Instruction | null;
  readonly registers: ReadonlyMap<string, bigint>;
  /** By address; empty where nobody tells. */
  readonly regions: readonly MemoryRegion[];
}

export interface Crash extends Fault {
  readonly frames: readonly Frame[];
  readonly modules: readonly ModuleInfo[];
}

/** What is behind a crash. */
export interface Finding {
  /** The kind of problem, as it begins a bucket's name: `NULL_POINTER_WRITE`. */
  readonly problem: string;
  /** Of the Windows exception that comes closest. */
  readonly code: number;
  /** In whole sentences, the first one sums up. */
  readonly cause: readonly string[];
  /** Further keys of the report: `ASSERTION`. */
  readonly facts?: readonly (readonly [key: string, value: string])[];
  /** The frame that is to blame, where it is not the first one outside of the runtime. */
  readonly culprit?: Frame;
  /** The place in the function says nothing: any of a recursion's calls may be the last. */
  readonly anywhere?: true;
}

/** A stack that goes deeper is a recursion without end, or as good as. */
const MOST_FRAMES = 256;

export async function readCrash(state: DebuggerState): Promise<Crash> {
  const exception = exceptionOf(state);
  return readThread(state, exception?.thread ?? state.thread, exception?.signal ?? null);
}

export async function readThread(
  state: DebuggerState,
  thread: number,
  signal: SignalInfo | null,
): Promise<Crash> {
  const here = await readFault(state, thread, signal);
  return {
    ...here,
    frames: await state.target.frames(thread, MOST_FRAMES),
    modules: await state.modules(),
  };
}

/** The instruction that a thread stands at, and what it needs. */
export async function readFault(
  state: DebuggerState,
  thread: number,
  signal: SignalInfo | null,
): Promise<Fault> {
  const { current, target } = state;
  const names = state.isX64 ? STOP_REGISTERS : state.isArm64 ? ARM64_REGISTERS : ['pc', 'sp'];
  const registers = await target.registers({ thread, frame: 0 }, names);
  const ip = registers.get('rip') ?? registers.get('pc') ?? 0n;
  const [instruction = null] = await target.disassemble(ip, 1);
  return {
    state,
    signal,
    thread,
    ip,
    instruction,
    registers,
    regions: current.isKernel ? [] : await target.regions().catch(unknown),
  };
}

/** The signal that the target stands at; of a core file that which ended it. */
function exceptionOf({ kind, current, pending }: DebuggerState) {
  if (kind === 'core') return current.lastException;
  return pending ? { signal: pending.signal, thread: pending.thread } : null;
}

export function regionAt({ regions }: Pick<Crash, 'regions'>, address: bigint): MemoryRegion | null {
  return regions.find(({ start, end }) => address >= start && address < end) ?? null;
}

export function moduleAt({ modules }: Pick<Crash, 'modules'>, address: bigint): ModuleInfo | null {
  return modules.find(({ start, end }) => address >= start && address < end) ?? null;
}

/** A word of memory; null: it cannot be read. */
export async function wordAt({ state }: Pick<Crash, 'state'>, address: bigint): Promise<bigint | null> {
  const size = state.pointerSize;
  const block = await state.target.readMemory(address, size);
  return block.readable === null ? littleEndian(block.bytes, 0, size) : null;
}

const LONGEST_TEXT = 1024;

/** A string of C, or the `length` bytes of one that is no string of C; null: it cannot be read. */
export async function textAt(
  { state }: Pick<Crash, 'state'>,
  address: bigint,
  length = LONGEST_TEXT,
): Promise<string | null> {
  const { bytes, readable } = await state.target.readMemory(address, Math.min(length, LONGEST_TEXT));
  const hole = readable?.indexOf(0) ?? -1;
  const there = Buffer.from(hole < 0 ? bytes : bytes.subarray(0, hole));
  if (there.length === 0) return length === 0 ? '' : null;
  const end = there.indexOf(0);
  return there.toString('utf8', 0, end < 0 ? there.length : end);
}

/** Whether a frame is in a function of one of these names. */
export function isIn(frame: Frame, names: RegExp): boolean {
  return frame.symbol !== null && names.test(plainName(frame.symbol));
}

/** Without the hashes by which Rust tells things of one name apart: they change with the compiler. */
export function withoutHashes(name: string): string {
  return name.replace(/\[[0-9a-f]{6,16}\]/g, '').replace(/::h[0-9a-f]{16}$/, '');
}

/** Without parameters, templates' arguments and hashes: `std::vector::at`. */
export function plainName({ name }: Pick<SymbolHit, 'name'>): string {
  const text = withoutHashes(name);
  let depth = 0;
  let plain = '';
  for (const [at, letter] of [...text].entries()) {
    const operator = /operator[-<>=]*$/.test(text.slice(0, at));
    if (letter === '(' && depth === 0 && plain !== '' && !/operator$/.test(plain)) break;
    if (letter === '<' && !operator && plain !== '') depth++;
    else if (letter === '>' && depth > 0) depth--;
    else if (depth === 0) plain += letter;
  }
  return plain.replace(/::$/, '');
}

/** Where nobody tells what is mapped, nothing is said of it. */
function unknown(error: unknown): [] {
  if (error instanceof HawserError && error.code === 'UNSUPPORTED') return [];
  throw error;
}
