import type { SignalInfo, Stop, StopReason } from '../backend/types.ts';
import type { MiTuple } from './mi/parser.ts';
import { text, tuple } from './mi/values.ts';

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

/** The numbers of x86-64, AArch64 and most other Linux systems. */
const SIGNALS: Readonly<Record<string, number>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGILL: 4,
  SIGTRAP: 5,
  SIGABRT: 6,
  SIGBUS: 7,
  SIGFPE: 8,
  SIGKILL: 9,
  SIGUSR1: 10,
  SIGSEGV: 11,
  SIGUSR2: 12,
  SIGPIPE: 13,
  SIGALRM: 14,
  SIGTERM: 15,
  SIGSTKFLT: 16,
  SIGCHLD: 17,
  SIGCONT: 18,
  SIGSTOP: 19,
  SIGTSTP: 20,
  SIGTTIN: 21,
  SIGTTOU: 22,
  SIGURG: 23,
  SIGXCPU: 24,
  SIGXFSZ: 25,
  SIGVTALRM: 26,
  SIGPROF: 27,
  SIGWINCH: 28,
  SIGIO: 29,
  SIGPOLL: 29,
  SIGPWR: 30,
  SIGSYS: 31,
};

export function signalNumber(name: string): number {
  const known = SIGNALS[name];
  if (known !== undefined) return known;
  const realTime = /^SIG(3[2-9]|[45]\d|6[0-4])$/.exec(name);
  return realTime ? Number(realTime[1]) : 0;
}

export function signalName(number: number): string {
  const found = Object.entries(SIGNALS).find(([, value]) => value === number);
  return found ? found[0] : `SIG${number}`;
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

export function signalInfo(
  name: string,
  details: { number?: number; code?: number; address?: string },
): SignalInfo {
  return {
    name,
    number: details.number ?? signalNumber(name),
    ...(details.code === undefined ? {} : { code: details.code }),
    ...(details.address === undefined ? {} : { address: BigInt(`0x${details.address}`) }),
  };
}
