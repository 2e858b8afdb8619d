import type { SignalInfo } from '../../backend/types.ts';
import type { DebuggerState } from '../state.ts';
import { breakInText, describeSignal, type SignalText } from './signals.ts';

const FIRST_CHANCE_NOTE = [
  'First chance exceptions are reported before any exception handling.',
  'This exception may be expected and handled.',
];

/** `1a2c.1a2e` of the thread of the event. */
export function eventIds(state: DebuggerState, thread: number): string {
  const pid = state.process?.pid ?? 0;
  const tid = state.threads.find((each) => each.index === thread)?.tid ?? pid;
  return `${pid.toString(16)}.${tid.toString(16)}`;
}

/** The part after the ids: `Access violation - code c0000005 (first chance)`. */
function exceptionText({ text, code }: SignalText, chance: 'first' | 'second'): string {
  const note = chance === 'first' ? '(first chance)' : '(!!! second chance !!!)';
  return `${text} - code ${code.toString(16).padStart(8, '0')} ${note}`;
}

/** Event lines of a signal; remembers it for `.lastevent`. */
export function signalLines(
  state: DebuggerState,
  thread: number,
  signal: SignalInfo,
  chance: 'first' | 'second',
): string[] {
  const line = remember(state, thread, exceptionText(describeSignal(signal), chance));
  return chance === 'first' ? [line, ...FIRST_CHANCE_NOTE] : [line];
}

export function breakInLine(state: DebuggerState, thread: number): string {
  return remember(state, thread, exceptionText(breakInText, 'first'));
}

/** `(1a2c.1a2e): TEXT`, kept as the last event. */
export function remember(state: DebuggerState, thread: number, text: string): string {
  const ids = eventIds(state, thread);
  state.lastEvent = { text: `${ids}: ${text}`, time: new Date() };
  return `(${ids}): ${text}`;
}
