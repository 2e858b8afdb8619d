import { address } from '../../format/address.ts';
import type { LinuxTarget } from '../../kernel/linux/target.ts';
import { pageTablesOf, type Task } from '../../kernel/linux/tasks.ts';
import { PLAIN, type StackStyle } from '../stack/request.ts';
import { stackText } from '../stack/text.ts';
import type { DebuggerState } from '../state.ts';
import type { TaskStack } from './task-stack.ts';

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

/** A task's stack as text. */
export function stackLines(
  state: DebuggerState,
  { frames, guessedFrom, notes }: TaskStack,
  style: StackStyle = PLAIN,
): readonly string[] {
  const text = frames.length === 0 ? [] : [stackText(state, frames, style, guessedFrom)];
  return [...text, ...notes].flatMap((part) => part.split('\n'));
}
