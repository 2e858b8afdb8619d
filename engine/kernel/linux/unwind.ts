import { Bytes } from './bytes.ts';
import { Shape } from './layouts.ts';
import type { Orc } from './orc.ts';
import { type LinuxTarget, readBytes, readWord } from './target.ts';
import type { Task } from './tasks.ts';
import { STACK_SIZE } from './user-registers.ts';

const [REGS_BP, REGS_IP, REGS_SP] = [32, 128, 152] as const;
const MOST_FRAMES = 64;

export interface KernelFrame {
  readonly address: bigint;
  readonly stackPointer: bigint;
}

/** A copy of a stack, from its lowest address on. */
interface Stack {
  readonly address: bigint;
  readonly bytes: Bytes;
}

interface Start {
  readonly ip: bigint;
  readonly sp: bigint;
  readonly bp: bigint;
}

interface State {
  ip: bigint;
  sp: bigint;
  bp: bigint;
  /** The instruction itself, not one behind a call. */
  exact: boolean;
}

/** Frames from a place on, over a copy of the stack, by ORC. */
export function unwind(
  orcAt: (address: bigint) => ReturnType<Orc['at']>,
  stack: Stack,
  start: Start,
): readonly KernelFrame[] {
  const word = wordsOf(stack);
  const frames: KernelFrame[] = [];
  const state: State = { ...start, exact: false };
  while (frames.length < MOST_FRAMES) {
    frames.push({ address: state.ip, stackPointer: state.sp });
    if (!step(orcAt(state.exact ? state.ip : state.ip - 1n), state, word)) break;
  }
  return frames;
}

type Word = (at: bigint) => bigint | null;

/** Words of a stack; null: beyond it. */
const wordsOf =
  ({ address, bytes }: Stack): Word =>
  (at) => {
    const offset = at - address;
    return offset >= 0n && offset + 8n <= BigInt(bytes.length) ? bytes.u64(Number(offset)) : null;
  };

/** To the caller; false: there is none, or it is not known. */
function step(entry: ReturnType<Orc['at']>, state: State, word: Word): boolean {
  if (!entry || entry.kind === 'end') return false;
  const offset = BigInt(entry.spOffset);
  const sp =
    entry.sp === 'sp'
      ? state.sp + offset
      : entry.sp === 'bp'
        ? state.bp + offset
        : entry.sp === 'bpIndirect'
          ? word(state.bp + offset)
          : entry.sp === 'spIndirect'
            ? add(word(state.sp), offset)
            : null;
  if (sp === null) return false;
  const read = (at: number): bigint | null => word(sp + BigInt(at));
  if (entry.kind !== 'call') {
    const registers = entry.kind === 'registers';
    const [ip, next] = registers ? [read(REGS_IP), read(REGS_SP)] : [read(0), read(24)];
    const bp = registers ? read(REGS_BP) : state.bp;
    if (ip === null || next === null || bp === null || ip >> 63n === 0n) return false;
    Object.assign(state, { ip, sp: next, bp, exact: true });
    return true;
  }
  const ip = word(sp - 8n);
  const bp =
    entry.bp === 'caller'
      ? word(sp + BigInt(entry.bpOffset))
      : entry.bp === 'bp'
        ? word(state.bp + BigInt(entry.bpOffset))
        : state.bp;
  if (ip === null || bp === null || ip >> 63n === 0n || sp <= state.sp) return false;
  Object.assign(state, { ip, sp, bp, exact: false });
  return true;
}

const add = (value: bigint | null, to: bigint): bigint | null => (value === null ? null : value + to);

/**
 * The kernel stack of a task that sleeps: read once, as a whole. Null: it cannot be read, or where tasks are kept that do not
 * run is not known here.
 */
export async function stackOf(
  target: LinuxTarget,
  task: Task,
  orcAt: (address: bigint) => ReturnType<Orc['at']>,
): Promise<readonly KernelFrame[] | null> {
  const bytes = await target.memory.read(task.stack, STACK_SIZE);
  if (!bytes) return null;
  const stack = { address: task.stack, bytes: new Bytes(bytes) };
  if (target.machine === 'aarch64') return stackOfArm64(target, task, stack);
  const { layouts, memory } = target;
  const sp = await layouts.offset('task_struct', 'thread.sp');
  const frame = await Shape.of(layouts, 'inactive_task_frame', { bp: 'bp', ip: 'ret_addr' });
  const size = await layouts.size('inactive_task_frame');
  if (sp === null || !frame.has('bp') || !frame.has('ip') || size === null) return null;
  const top = await readWord(memory, task.address + BigInt(sp));
  if (top === null) return null;
  const at = Number(top - task.stack);
  if (at < 0 || at + size > STACK_SIZE) return null;
  return unwind(orcAt, stack, {
    ip: stack.bytes.u64(at + frame.at('ip')),
    bp: stack.bytes.u64(at + frame.at('bp')),
    sp: top + BigInt(size),
  });
}

/** AArch64's kernels are built with frame pointers, all of them. */
async function stackOfArm64(
  { layouts, memory }: LinuxTarget,
  task: Task,
  stack: Stack,
): Promise<readonly KernelFrame[] | null> {
  const shape = await Shape.of(layouts, 'task_struct', {
    fp: 'thread.cpu_context.fp',
    sp: 'thread.cpu_context.sp',
    pc: 'thread.cpu_context.pc',
  });
  if (!shape.has('fp') || !shape.has('sp') || !shape.has('pc')) return null;
  const { from, length } = shape.span(['fp', 'sp', 'pc'], 8);
  const bytes = await readBytes(memory, task.address + BigInt(from), length);
  if (!bytes) return null;
  const word = (name: 'fp' | 'sp' | 'pc'): bigint => bytes.u64(shape.at(name) - from);
  return walkFramePointers(stack, { ip: word('pc'), sp: word('sp'), bp: word('fp') });
}

/** Each frame begins with the caller's frame pointer and return address. */
export function walkFramePointers(stack: Stack, start: Start): readonly KernelFrame[] {
  const word = wordsOf(stack);
  const frames: KernelFrame[] = [{ address: start.ip, stackPointer: start.sp }];
  for (let fp = start.bp; frames.length < MOST_FRAMES; ) {
    const [next, ip] = [word(fp), word(fp + 8n)];
    if (next === null || ip === null || ip >> 63n === 0n) break;
    frames.push({ address: ip, stackPointer: fp + 16n });
    if (next <= fp) break;
    fp = next;
  }
  return frames;
}
