import type { Bytes } from './bytes.ts';
import { type LinuxTarget, readBytes, readWord } from './target.ts';
import type { Task } from './tasks.ts';

/** By GDB's names. */
export type UserRegisters = ReadonlyMap<string, bigint>;

interface Saved {
  /** Bytes of struct pt_regs where the kernel's types do not tell. */
  readonly size: number;
  /** In the order of struct pt_regs, eight bytes each; '': nothing that has a name. */
  readonly names: readonly string[];
  /** Whether it was the program that came into the kernel. */
  readonly isUser: (bytes: Bytes) => boolean;
  /** Beside those on the stack: register, and where task_struct has it. */
  readonly thread: readonly (readonly [string, string])[];
}

const X86_64: readonly string[] = [
  ...['r15', 'r14', 'r13', 'r12', 'rbp', 'rbx', 'r11', 'r10', 'r9', 'r8', 'rax', 'rcx', 'rdx', 'rsi'],
  ...['rdi', 'orig_rax', 'rip', 'cs', 'eflags', 'rsp', 'ss'],
];
const AARCH64: readonly string[] = [
  ...Array.from({ length: 31 }, (_, index) => `x${index}`),
  ...['sp', 'pc', 'cpsr'],
];
const AT_CS = 8 * X86_64.indexOf('cs');
const AT_CPSR = 8 * AARCH64.indexOf('cpsr');

/** Mode of the processor in `cpsr`: EL0, of 64 bits. */
const EL0 = 0n;

const SAVED: Readonly<Record<LinuxTarget['machine'], Saved>> = {
  'x86-64': {
    size: 168,
    names: X86_64,
    isUser: (bytes) => (bytes.u64(AT_CS) & 3n) === 3n,
    thread: [
      ['fs_base', 'thread.fsbase'],
      ['gs_base', 'thread.gsbase'],
    ],
  },
  aarch64: {
    size: 336,
    names: AARCH64,
    isUser: (bytes) => (bytes.u64(AT_CPSR) & 0x1fn) === EL0,
    thread: [['tpidr', 'thread.uw.tp_value']],
  },
};

/** Of kernels without KASAN. */
export const STACK_SIZE = 16_384;

/**
 * What a task's program had when it came into the kernel: at the top of its kernel stack. Null: it cannot be read, or the task
 * has no program.
 */
export async function userRegisters(target: LinuxTarget, task: Task): Promise<UserRegisters | null> {
  if (task.mm === 0n) return null;
  const { names, isUser, thread, size } = SAVED[target.machine];
  const length = (await target.layouts.size('pt_regs')) ?? size;
  const bytes = await readBytes(target.memory, task.stack + BigInt(STACK_SIZE - length), length);
  if (!bytes || !isUser(bytes)) return null;
  const registers = new Map<string, bigint>();
  for (const [index, name] of names.entries()) registers.set(name, bytes.u64(8 * index));
  for (const [name, path] of thread) {
    const at = await target.layouts.offset('task_struct', path);
    const value = at === null ? null : await readWord(target.memory, task.address + BigInt(at));
    if (value !== null) registers.set(name, value);
  }
  return registers;
}
