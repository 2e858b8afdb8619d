import type { SignalInfo, Stop, StopReason } from '../backend/types.ts';
import { signalName, signalNumber } from '../machine/signals.ts';
import type { MiTuple } from './mi/parser.ts';
import { text, tuple } from './mi/values.ts';

export { signalName, signalNumber } from '../machine/signals.ts';

/** What a `*stopped` record says, before what needs another round trip (siginfo) is asked for. */
export interface RawStop {
  readonly reason: string;
  readonly values: MiTuple;
}

const REASONS: Readonly<Record<string, StopReason>> = {
  'breakpoint-hit': 'breakpoint',
  'watchpoint-trigger': 'watchpoint',
  'read-watchpoint-trigger': 'watchpoint',
  'access-watchpoint-trigger': 'watchpoint',
  'end-stepping-range': 'step',
  'location-reached': 'step',
  'function-finished': 'functionFinished',
  'signal-received': 'signal',
  exited: 'exited',
  'exited-normally': 'exited',
  'exited-signalled': 'signalled',
};

/** What the helper's `how_stopped` answers. */
export interface HowStopped {
  /** GDB's number; none when the target has gone. */
  readonly thread?: number;
  /** Empty: stopped by something else. */
  readonly signal?: string;
  readonly exitcode?: number;
  readonly exitsignal?: number;
}

/** The stop of which GDB gave no record. */
export function unreported({ thread, signal, exitcode, exitsignal }: HowStopped): RawStop {
  if (exitsignal !== undefined)
    return { reason: 'exited-signalled', values: { 'signal-name': signalName(exitsignal) } };
  if (thread === undefined) return { reason: 'exited', values: { 'exit-code': (exitcode ?? 0).toString(8) } };
  const at = { 'thread-id': String(thread) };
  if (!signal || signal === 'SIGTRAP') return { reason: '', values: at };
  return { reason: 'signal-received', values: { ...at, 'signal-name': signal } };
}

/**
 * GDB names two reasons where a signal came in the same step as a watchpoint's change, and the parser keeps the last one. The signal
 * decides: it is delivered when the target goes on.
 */
export function reasonOf(values: MiTuple): string {
  const reason = text(values, 'reason');
  return text(values, 'signal-name') !== '' && stopReason({ reason, values }) === 'watchpoint'
    ? 'signal-received'
    : reason;
}

export function stopReason(raw: RawStop): StopReason {
  return REASONS[raw.reason] ?? 'unknown';
}

/** Gone targets have no thread; exit codes are printed in octal. */
export function goneStop(raw: RawStop): Stop | null {
  const reason = stopReason(raw);
  if (reason === 'signalled') {
    const name = text(raw.values, 'signal-name');
    return { reason, thread: null, breakpoints: [], signal: { name, number: signalNumber(name) } };
  }
  if (reason !== 'exited') return null;
  const code = text(raw.values, 'exit-code');
  return { reason, thread: null, breakpoints: [], exitCode: code === '' ? 0 : Number.parseInt(code, 8) };
}

export function watchValues(raw: RawStop): { oldValue?: string; newValue?: string } {
  const value = tuple(raw.values, 'value');
  const old = text(value, 'old');
  const now = text(value, 'new') || text(value, 'value');
  return { ...(old ? { oldValue: old } : {}), ...(now ? { newValue: now } : {}) };
}

/** What the helper's `siginfo` answers. */
export interface SignalDetails {
  readonly number?: number;
  readonly code?: number;
  readonly address?: string;
  readonly sender?: readonly [pid: number, uid: number];
  readonly syscall?: number;
}

export function signalInfo(name: string, details: SignalDetails): SignalInfo {
  const { sender, syscall } = details;
  return {
    name,
    number: details.number ?? signalNumber(name),
    ...(details.code === undefined ? {} : { code: details.code }),
    ...(details.address === undefined ? {} : { address: BigInt(`0x${details.address}`) }),
    ...(sender === undefined ? {} : { sender: { pid: sender[0], uid: sender[1] } }),
    ...(syscall === undefined ? {} : { syscall }),
  };
}
