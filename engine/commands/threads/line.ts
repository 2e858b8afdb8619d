import type { Frame, ThreadInfo } from '../../backend/types.ts';
import { address, symbol } from '../../format/address.ts';
import type { DebuggerState } from '../state.ts';

/** ``.  0  Id: 1a2c.1a2c Suspend: 1 Teb: 00007fff`f7d8a740 Unfrozen "loop"``. */
export function threadLine(
  state: DebuggerState,
  thread: ThreadInfo,
  pointers: ReadonlyMap<number, bigint>,
): string {
  const mark = markOf(state, thread.index);
  const pid = (state.process?.pid ?? 0).toString(16);
  // Where thread-local storage begins is Linux's nearest to a thread environment block.
  const base = address(pointers.get(thread.index) ?? 0n, state.pointerSize);
  const name = thread.name ? ` "${thread.name}"` : '';
  const index = String(thread.index).padStart(3);
  const { frozen, suspended } = state.current;
  const count = 1 + (suspended.get(thread.index) ?? 0);
  const kept = frozen.has(thread.index) ? 'Frozen' : 'Unfrozen';
  return `${mark}${index}  Id: ${pid}.${thread.tid.toString(16)} Suspend: ${count.toString(16)} Teb: ${base} ${kept}${name}`;
}

/** ``.  0  Processor 0  ffffffff`80100abc kernel!idle_loop+0x12``: where each stands. */
export function processorLine(state: DebuggerState, index: number, frame: Frame | null): string {
  const number = String(index);
  const place = frame ? `  ${address(frame.address, state.pointerSize)}` : '';
  const name = frame?.symbol ? ` ${symbol(frame.symbol)}` : '';
  return `${markOf(state, index)}${number.padStart(3)}  Processor ${number}${place}${name}`;
}

const markOf = (state: DebuggerState, index: number): string =>
  index === state.thread ? '.' : index === state.eventThread ? '#' : ' ';
