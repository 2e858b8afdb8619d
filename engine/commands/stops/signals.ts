import type { SignalInfo } from '../../backend/types.ts';

export interface SignalText {
  readonly text: string;
  /** Of the Windows exception that comes closest; the signal's own number where none does. */
  readonly code: number;
}

const ACCESS_VIOLATION: SignalText = { text: 'Access violation', code: 0xc0000005 };
const BREAK: SignalText = { text: 'Break instruction exception', code: 0x80000003 };
const DIVIDE: SignalText = { text: 'Integer divide-by-zero', code: 0xc0000094 };

/** siginfo's si_code of SIGFPE. */
const ARITHMETIC: Readonly<Record<number, SignalText>> = {
  1: DIVIDE,
  2: { text: 'Integer overflow', code: 0xc0000095 },
  3: { text: 'Floating-point division by zero', code: 0xc000008e },
  4: { text: 'Floating-point overflow', code: 0xc0000091 },
  5: { text: 'Floating-point underflow', code: 0xc0000093 },
  6: { text: 'Floating-point inexact result', code: 0xc000008f },
  7: { text: 'Floating-point invalid operation', code: 0xc0000090 },
};

const BUS_ALIGNMENT = 1;

const BY_NAME: Readonly<Record<string, (signal: SignalInfo) => SignalText>> = {
  SIGSEGV: () => ACCESS_VIOLATION,
  SIGBUS: (signal) =>
    signal.code === BUS_ALIGNMENT
      ? { text: 'Data misaligned', code: 0x80000002 }
      : { text: 'In-page I/O error', code: 0xc0000006 },
  SIGFPE: (signal) => ARITHMETIC[signal.code ?? 1] ?? DIVIDE,
  SIGILL: () => ({ text: 'Illegal instruction', code: 0xc000001d }),
  SIGABRT: () => ({ text: 'Assertion failure', code: 0xc0000420 }),
  SIGTRAP: () => BREAK,
  SIGSYS: () => ({ text: 'Invalid system call', code: 0xc000001c }),
  SIGINT: () => ({ text: 'Control-C exception', code: 0x40010005 }),
};

export const breakInText: SignalText = BREAK;

export function describeSignal(signal: SignalInfo): SignalText {
  return BY_NAME[signal.name]?.(signal) ?? { text: `Signal ${signalName(signal)}`, code: signal.number };
}

/** `SIGUSR1 (10)`. */
export function signalName(signal: SignalInfo): string {
  return signal.number > 0 ? `${signal.name} (${signal.number})` : signal.name;
}

/** Without a handler these do not end the process. */
const HARMLESS = new Set('SIGCHLD SIGWINCH SIGURG SIGCONT SIGSTOP SIGTSTP SIGTTIN SIGTTOU'.split(' '));
/** The debugger keeps these for itself; they are not passed on. */
const KEPT = new Set(['SIGTRAP', 'SIGINT']);
/** The kernel sends these for an instruction: being ignored does not help. */
const FORCED = new Set(['SIGSEGV', 'SIGBUS', 'SIGFPE', 'SIGILL']);

/**
 * Whether the process is bound to die when the signal is delivered: nobody will handle it. That is when
 * WinDbg reports a second chance. `unknown` counts as handled: the program is then given the signal at once.
 */
export function isFatal(
  signal: SignalInfo,
  disposition: 'default' | 'ignored' | 'caught' | 'unknown',
): boolean {
  if (HARMLESS.has(signal.name) || KEPT.has(signal.name)) return false;
  return disposition === 'default' || (disposition === 'ignored' && FORCED.has(signal.name));
}
