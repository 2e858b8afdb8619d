import type { Frame } from '../../backend/types.ts';
import { address, hex64 } from '../../format/address.ts';
import { mappingAt } from '../../kernel/linux/mappings.ts';
import type { LinuxTarget } from '../../kernel/linux/target.ts';
import { pageTablesOf, type Task } from '../../kernel/linux/tasks.ts';
import { stackOf, type UserRegisters } from '../../kernel/linux/unwind.ts';
import { styleOf } from '../stack/request.ts';
import { stackText } from '../stack/text.ts';
import type { DebuggerState } from '../state.ts';

const STATES: Readonly<Record<string, string>> = {
  R: 'running',
  S: 'sleeping',
  D: 'disk sleep',
  T: 'stopped',
  t: 'tracing stop',
  X: 'dead',
  Z: 'zombie',
  P: 'parked',
  I: 'idle',
};

/** `S (sleeping)`. */
const stateText = ({ state, runsOn }: Task): string =>
  `${state} (${STATES[state] ?? 'unknown'})${runsOn === null ? '' : ` on processor ${runsOn}`}`;

/** What `!process` shows of a process, in WinDbg's shape. */
export async function processLines(
  target: LinuxTarget,
  task: Task,
  parent: Task | null,
): Promise<readonly string[]> {
  const root = await pageTablesOf(target, task);
  const tables = root === null ? 'none (kernel thread)' : root.toString(16).padStart(16, '0');
  return [
    `PROCESS ${address(task.address)}`,
    `    Pid: 0n${task.pid}    ParentPid: 0n${parent?.pid ?? 0}    State: ${stateText(task)}`,
    `    DirBase: ${tables}    Mm: ${address(task.mm)}`,
    `    Image: ${task.name}`,
  ];
}

export const threadLine = (task: Task): string =>
  `    THREAD ${address(task.address)}  Tid: 0n${task.pid}  State: ${stateText(task)}  ${task.name}`;

/** A task's stacks, or why there are none. */
export async function stackLines(
  state: DebuggerState,
  target: LinuxTarget,
  task: Task,
  orcAt: Parameters<typeof stackOf>[2],
): Promise<readonly string[]> {
  if (task.runsOn !== null) return [`It is running: ~${task.runsOn}k shows its stack.`];
  if (task.state === 'Z' || task.state === 'X') return ['It has ended, and has no stack.'];
  const stack = await stackOf(target, task, orcAt);
  if (!stack) return ['Its stack cannot be read, or this kernel’s way of switching tasks is not known.'];
  const symbols = await state.target.symbolize(stack.frames.map((frame) => frame.address));
  const frames = stack.frames.map(
    (frame, level): Frame => ({
      level,
      address: frame.address,
      stackPointer: frame.stackPointer,
      returnAddress: stack.frames[level + 1]?.address ?? 0n,
      inlined: false,
      symbol: symbols[level] ?? null,
      source: null,
    }),
  );
  const text = stackText(state, frames, styleOf('L', state.pointerSize));
  const ends =
    frames.length === 1 ? ['Further frames are not known: the kernel has no ORC tables here.'] : [];
  return [...text.split('\n'), ...ends, ...(stack.user ? await userLines(target, task, stack.user) : [])];
}

/** Where the program itself is: its file tells where, its stack would need that file's unwinding. */
async function userLines(target: LinuxTarget, task: Task, { ip, sp }: UserRegisters): Promise<string[]> {
  const mapping = await mappingAt(target, task, ip);
  const place =
    mapping === null || mapping.path === ''
      ? ''
      : ` ${mapping.path}+0x${(ip - mapping.start + mapping.offset).toString(16)}`;
  return [
    `In its program: rip=${hex64(ip)} rsp=${hex64(sp)}${place}`,
    'Frames of the program are not shown: the debugger has the kernel’s symbols, not the program’s.',
  ];
}
