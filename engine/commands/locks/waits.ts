import type { Frame, ModuleInfo } from '../../backend/types.ts';
import { engineErrors } from '../../errors.ts';
import { culpritOf } from '../analysis/runtime.ts';
import { littleEndian } from '../memory/read.ts';
import type { DebuggerState } from '../state.ts';

/** What a thread waits for. */
export type WaitKind =
  | 'mutex'
  | 'condition variable'
  | 'rwlock'
  | 'thread'
  | 'semaphore'
  /** A lock that keeps no owner: Rust's, or one of a program's own. */
  | 'futex';

export interface Wait {
  readonly thread: number;
  readonly kind: WaitKind;
  /** Of the object itself. */
  readonly address: bigint;
  /** System's id of who has it, or of who is waited for; null: not kept, or nobody. */
  readonly owner: number | null;
  /** The first frame outside of the C library; null: none has a name. */
  readonly frame: Frame | null;
}

export interface Mutex {
  readonly address: bigint;
  readonly locked: boolean;
  readonly owner: number | null;
  /** How often its owner has taken it. */
  readonly count: number;
  readonly users: number;
}

const FRAMES = 12;
/** pthread_mutex_t of glibc on 64-bit machines: lock, count, owner, users, kind. */
export const MUTEX_BYTES = 20;
/** Where waiters of the others wait, from the beginning of each: two words of which one is at a multiple of 8. */
const [CONDITION, RWLOCK] = [40n, 8n];
const RWLOCK_WRITER = 24n;

const BY_FRAME: readonly (readonly [names: RegExp, kind: WaitKind])[] = [
  [/pthread_cond_/, 'condition variable'],
  [/pthread_mutex_/, 'mutex'],
  [/pthread_rwlock_/, 'rwlock'],
  [/pthread_(?:clock|timed|try)?join|thread_join/, 'thread'],
  [/(?:^|_)sem_/, 'semaphore'],
];

interface SystemCall {
  /** Registers of the call's number and of its first argument. */
  readonly number: string;
  readonly first: string;
  readonly futex: bigint;
  /** Whether a thread that stands there is in a call: the number's register may keep an old one. */
  isIn(pc: bigint): Promise<boolean>;
}

const SVC = 0xd4000001n;

/** Where a thread in the kernel has its call; null: not known for the machine. */
function systemCallOf(state: DebuggerState): SystemCall | null {
  if (state.isX64) return { number: 'orig_rax', first: 'rdi', futex: 202n, isIn: async () => true };
  if (!state.isArm64) return null;
  const isIn = async (pc: bigint): Promise<boolean> => {
    // One that is to be repeated stands at its instruction again.
    const words = await state.target.readEach([
      { address: pc - 4n, length: 4 },
      { address: pc, length: 4 },
    ]);
    return words.some((word) => word !== null && littleEndian(word, 0, 4) === SVC);
  };
  return { number: 'x8', first: 'x0', futex: 98n, isIn };
}

/** Threads that wait in the kernel for another one. @throws HawserError `UNSUPPORTED` where that cannot be seen */
export async function readWaits(state: DebuggerState): Promise<readonly Wait[]> {
  const call = systemCallOf(state);
  if (!call)
    throw engineErrors.unsupported(
      '!locks',
      'which lock a thread waits for is read from its registers, and known for x86-64 and AArch64 only',
      '~*k shows where threads wait.',
    );
  const registers = await state.target.registersOfThreads([call.number, call.first, 'pc']);
  const waiting = [];
  for (const one of registers)
    if (one[1].get(call.number) === call.futex && (await call.isIn(one[1].get('pc') ?? 0n)))
      waiting.push(one);
  waiting.sort(([a], [b]) => a - b);
  if (waiting.length === 0) return [];
  const threads = waiting.map(([thread]) => thread);
  const stacks = await state.target.stacks(threads, FRAMES);
  const modules = await state.modules();
  const found = waiting.map(([thread, values], at) =>
    whatFor(thread, values.get(call.first) ?? 0n, stacks[at] ?? [], modules),
  );
  const owners = await state.target.readEach(found.map(({ ownerAt }) => ({ address: ownerAt, length: 4 })));
  return found.map(({ ownerAt: _, ...wait }, at) => ({
    ...wait,
    owner: ownerIn(wait.kind, owners[at] ?? null),
  }));
}

function whatFor(thread: number, futex: bigint, frames: readonly Frame[], modules: readonly ModuleInfo[]) {
  const names = frames.map(({ symbol }) => symbol?.name ?? '');
  const kind =
    BY_FRAME.find(([pattern]) => names.some((name) => pattern.test(name)))?.[1] ?? ('futex' as const);
  const lower = futex & ~7n;
  const address =
    kind === 'condition variable' ? lower - CONDITION : kind === 'rwlock' ? lower - RWLOCK : futex;
  const ownerAt = kind === 'mutex' ? address + 8n : kind === 'rwlock' ? address + RWLOCK_WRITER : address;
  return { thread, kind, address, ownerAt, frame: culpritOf(frames, modules) };
}

/** Of a mutex or a rwlock its owner; of a thread that is waited for itself. */
function ownerIn(kind: WaitKind, bytes: Uint8Array | null): number | null {
  if (bytes === null || kind === 'condition variable' || kind === 'semaphore' || kind === 'futex')
    return null;
  return Number(littleEndian(bytes, 0, 4)) || null;
}

export async function readMutexes(
  state: DebuggerState,
  addresses: readonly bigint[],
): Promise<readonly (Mutex | null)[]> {
  const blocks = await state.target.readEach(addresses.map((address) => ({ address, length: MUTEX_BYTES })));
  return addresses.map((address, at) => {
    const bytes = blocks[at];
    if (!bytes) return null;
    const word = (offset: number): number => Number(littleEndian(bytes, offset, 4));
    return {
      address,
      locked: word(0) !== 0,
      owner: word(8) || null,
      // Only a mutex that may be taken again by its owner counts.
      count: word(0) === 0 ? 0 : Math.max(1, word(4)),
      users: word(12),
    };
  });
}
