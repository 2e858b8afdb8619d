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
