import type { SignalInfo, StopReason } from '../../backend/types.ts';
import type { LoggedEvent, System } from '../system.ts';
import { breakInText, describeSignal, type SignalText } from './signals.ts';

/** What an event is of. */
export type EventPlace = Pick<System, 'process' | 'threads' | 'lastEvent'> & { readonly isKernel?: boolean };

const FIRST_CHANCE_NOTE = [
  'First chance exceptions are reported before any exception handling.',
  'This exception may be expected and handled.',
];

/** `1a2c.1a2e` of the thread of the event. */
export function eventIds(system: EventPlace, thread: number): string {
  const pid = system.process?.pid ?? 0;
  const tid = system.threads.find((each) => each.index === thread)?.tid ?? pid;
  return `${pid.toString(16)}.${tid.toString(16)}`;
}

/** The part after the ids: `Access violation - code c0000005 (first chance)`. */
function exceptionText({ text, code }: SignalText, chance: 'first' | 'second'): string {
  const note = chance === 'first' ? '(first chance)' : '(!!! second chance !!!)';
  return `${text} - code ${code.toString(16).padStart(8, '0')} ${note}`;
}

/** Event lines of a signal; remembers it for `.lastevent`. */
export function signalLines(
  system: EventPlace,
  thread: number,
  signal: SignalInfo,
  chance: 'first' | 'second',
): string[] {
  const line = remember(system, thread, exceptionText(describeSignal(signal), chance));
  return chance === 'first' ? [line, ...FIRST_CHANCE_NOTE] : [line];
}

export function breakInLine(system: EventPlace, thread: number): string {
  return remember(system, thread, exceptionText(breakInText, 'first'));
}

/** `(1a2c.1a2e): TEXT`, of a kernel the text alone, kept as the last event. */
export function remember(system: EventPlace, thread: number, text: string): string {
  system.lastEvent = eventOf(system, thread, text);
  return system.isKernel ? text : `(${eventIds(system, thread)}): ${text}`;
}

/** Stops that nothing is said of: the end of a step, a place that was to be reached. */
const QUIET: Partial<Record<StopReason, SignalText>> = {
  step: { text: 'Single step exception', code: 0x80000004 },
  functionFinished: breakInText,
  breakpoint: breakInText,
};

/** Keeps such a stop as the last event, until the next. */
export function rememberQuietly(system: System, thread: number, reason: StopReason): void {
  const text = QUIET[reason];
  if (text) system.passingEvent = eventOf(system, thread, exceptionText(text, 'first'));
}

function eventOf(system: EventPlace, thread: number, text: string): LoggedEvent {
  const whose = system.isKernel ? `Processor ${thread}` : eventIds(system, thread);
  return { text: `${whose}: ${text}`, time: new Date() };
}
