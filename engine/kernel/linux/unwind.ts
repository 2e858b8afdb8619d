import { Bytes } from './bytes.ts';
import { Shape } from './layouts.ts';
import type { Orc } from './orc.ts';
import type { LinuxTarget } from './target.ts';
import type { Task } from './tasks.ts';

/** Of kernels without KASAN on x86-64. */
export const STACK_SIZE = 16_384;
const PT_REGS = 168;
const [REGS_BP, REGS_IP, REGS_CS, REGS_SP] = [32, 128, 136, 152] as const;
const MOST_FRAMES = 64;

export interface KernelFrame {
  readonly address: bigint;
  readonly stackPointer: bigint;
}

export interface UserRegisters {
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
  stack: { readonly address: bigint; readonly bytes: Bytes },
  start: { readonly ip: bigint; readonly sp: bigint; readonly bp: bigint },
): readonly KernelFrame[] {
  const word = (at: bigint): bigint | null => {
    const offset = at - stack.address;
    return offset >= 0n && offset + 8n <= BigInt(stack.bytes.length) ? stack.bytes.u64(Number(offset)) : null;
  };
  const frames: KernelFrame[] = [];
  const state: State = { ...start, exact: false };
  while (frames.length < MOST_FRAMES) {
    frames.push({ address: state.ip, stackPointer: state.sp });
    if (!step(orcAt(state.exact ? state.ip : state.ip - 1n), state, word)) break;
  }
  return frames;
}

type Word = (at: bigint) => bigint | null;

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

export interface TaskStack {
  readonly frames: readonly KernelFrame[];
  /** Where its program is; null: it has none. */
  readonly user: UserRegisters | null;
}

/** The kernel stack of a task that sleeps: read once, as a whole. Null: it cannot be read, or is not known here. */
export async function stackOf(
  target: LinuxTarget,
  task: Task,
  orcAt: (address: bigint) => ReturnType<Orc['at']>,
): Promise<TaskStack | null> {
  const { layouts, memory } = target;
  const sp = await layouts.offset('task_struct', 'thread.sp');
  const frame = await Shape.of(layouts, 'inactive_task_frame', { bp: 'bp', ip: 'ret_addr' });
  const size = await layouts.size('inactive_task_frame');
  if (sp === null || !frame.has('bp') || !frame.has('ip') || size === null) return null;
  const pointer = await memory.read(task.address + BigInt(sp), 8);
  const bytes = await memory.read(task.stack, STACK_SIZE);
  if (!pointer || !bytes) return null;
  const stack = { address: task.stack, bytes: new Bytes(bytes) };
  const top = new Bytes(pointer).u64(0);
  const at = Number(top - task.stack);
  if (at < 0 || at + size > STACK_SIZE) return null;
  const frames = unwind(orcAt, stack, {
    ip: stack.bytes.u64(at + frame.at('ip')),
    bp: stack.bytes.u64(at + frame.at('bp')),
    sp: top + BigInt(size),
  });
  return { frames, user: task.mm === 0n ? null : userRegisters(stack.bytes) };
}

/** What the program had when it came into the kernel: at the top of the stack. */
function userRegisters(stack: Bytes): UserRegisters | null {
  const at = STACK_SIZE - PT_REGS;
  if ((stack.u64(at + REGS_CS) & 3n) !== 3n) return null;
  return { ip: stack.u64(at + REGS_IP), sp: stack.u64(at + REGS_SP), bp: stack.u64(at + REGS_BP) };
}
