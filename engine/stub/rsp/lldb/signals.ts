import { signalName, signalNumber } from '../../../machine/signals.ts';

/** Real-time signals: 33 to 63 stand together, the others elsewhere. */
const FIRST_REAL_TIME = 33;
const GDB_REAL_TIME = 45;
const GDB_32 = 77;
const GDB_64 = 78;
const UNKNOWN = 143;

/** GDB's numbers, which are no system's (its include/gdb/signals.def), of those that differ from Linux'. */
const GDB: Readonly<Record<string, number>> = {
  SIGBUS: 10,
  SIGUSR1: 30,
  SIGUSR2: 31,
  SIGCHLD: 20,
  SIGCONT: 19,
  SIGSTOP: 17,
  SIGTSTP: 18,
  SIGURG: 16,
  SIGIO: 23,
  SIGSYS: 12,
  SIGPWR: 32,
  SIGSTKFLT: UNKNOWN,
};

export function toGdbSignal(native: number): number {
  if (native === 0) return 0;
  if (native === 32) return GDB_32;
  if (native === 64) return GDB_64;
  if (native >= FIRST_REAL_TIME && native < 64) return native - FIRST_REAL_TIME + GDB_REAL_TIME;
  const name = signalName(native);
  return GDB[name] ?? (native < 32 ? native : UNKNOWN);
}

export function toNativeSignal(gdb: number): number {
  for (let native = 0; native <= 64; native += 1) if (toGdbSignal(native) === gdb) return native;
  return 0;
}

/** By name, for tests and tables. */
export const SIGSTOP = signalNumber('SIGSTOP');
