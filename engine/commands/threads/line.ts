import type { ThreadInfo } from '../../backend/types.ts';
import { address } from '../../format/address.ts';
import type { DebuggerState } from '../state.ts';

/** ``.  0  Id: 1a2c.1a2c Suspend: 1 Teb: 00007fff`f7d8a740 Unfrozen "loop"``. */
export function threadLine(
  state: DebuggerState,
  thread: ThreadInfo,
  pointers: ReadonlyMap<number, bigint>,
): string {
  const mark = thread.index === state.thread ? '.' : thread.index === state.eventThread ? '#' : ' ';
  const pid = (state.process?.pid ?? 0).toString(16);
  // Where thread-local storage begins is Linux's nearest to a thread environment block.
  const base = address(pointers.get(thread.index) ?? 0n, state.pointerSize);
  const name = thread.name ? ` "${thread.name}"` : '';
  const index = String(thread.index).padStart(3);
  return `${mark}${index}  Id: ${pid}.${thread.tid.toString(16)} Suspend: 1 Teb: ${base} Unfrozen${name}`;
}
