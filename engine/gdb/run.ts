import type { Resume, Stop } from '../backend/types.ts';
import type { Breakpoints } from './breakpoints.ts';
import { text } from './mi/values.ts';
import type { Engine } from './parts.ts';
import { goneStop, type RawStop, signalInfo, signalNumber, stopReason, watchValues } from './stops.ts';
import type { Threads } from './threads.ts';

/** Signals that GDB keeps to itself unless it is told to deliver them: they are its own means. */
const KEPT_BY_GDB = new Set(['SIGINT', 'SIGTRAP']);
/** After this long without a stop the target is taken to block SIGINT. */
const STUBBORN_MS = 250;

const COMMANDS: Readonly<Record<Resume['kind'], string>> = {
  continue: '-exec-continue',
  stepInstruction: '-exec-step-instruction',
  nextInstruction: '-exec-next-instruction',
  stepLine: '-exec-step',
  nextLine: '-exec-next',
  finish: '-exec-finish',
};

export interface RunHost {
  readonly engine: Engine;
  readonly threads: Threads;
  readonly breakpoints: Breakpoints;
  /** SIGINT to GDB. */
  interruptGdb(): void;
  /** The target's process, where it is one of this machine; 0 otherwise. */
  localPid(): number;
  /** The target has exited or died. */
  gone(): void;
  /** Lets output that the target wrote before it stopped go out before the stop is told. */
  settleOutput(): Promise<void>;
}

/** Resuming and stopping: one resume at a time, each answered by exactly one stop. */
export class Runner {
  readonly #host: RunHost;
  #running = false;
  #waiting: ((stop: RawStop) => void) | null = null;
  #failing: ((error: Error) => void) | null = null;
  #last: RawStop | null = null;
  /** The signal that the target stopped with and will get when it goes on. */
  #signal: string | null = null;
  #interrupting = false;
  #stubborn: NodeJS.Timeout | null = null;
  #locking = 'off';

  constructor(host: RunHost) {
    this.#host = host;
  }

  get running(): boolean {
    return this.#running;
  }

  /** A `*stopped` record. */
  onStopped(raw: RawStop): void {
    this.#last = raw;
    this.#waiting?.(raw);
  }

  onDied(error: Error): void {
    this.#failing?.(error);
  }

  reset(): void {
    this.#signal = null;
    this.#last = null;
  }

  async resume(how: Resume): Promise<Stop> {
    await this.lock(how.onlyThread ? 'on' : 'off');
    await this.#prepareSignal(how);
    const thread = `--thread ${this.#host.engine.gdbThread(how.thread)}`;
    if (how.kind === 'finish') return this.#finish(how, thread);
    return this.run(`${COMMANDS[how.kind]} ${thread}`);
  }

  /** Runs the target by an MI command and answers its stop. */
  async run(command: string): Promise<Stop> {
    return this.describe(await this.raw(command));
  }

  async raw(command: string): Promise<RawStop> {
    const stopped = new Promise<RawStop>((resolve, reject) => {
      this.#waiting = resolve;
      this.#failing = reject;
    });
    // The command's own failure is what is told; this one must not go unhandled then.
    stopped.catch(() => {});
    const sent = this.#host.engine.send(command);
    this.#running = true;
    try {
      await sent;
      return await stopped;
    } finally {
      this.#settled();
    }
  }

  /** Runs the target by the helper, whose answer comes after the stop. */
  async during<T>(work: () => Promise<T>): Promise<{ readonly answer: T; readonly last: RawStop | null }> {
    this.#last = null;
    const answered = work();
    this.#running = true;
    try {
      const answer = await answered;
      return { answer, last: this.#last };
    } finally {
      this.#settled();
    }
  }

  interrupt(): void {
    if (!this.#running) return;
    this.#interrupting = true;
    this.#host.interruptGdb();
    this.#stubborn ??= setTimeout(() => this.#force(), STUBBORN_MS);
  }

  /** A target that blocks SIGINT: SIGSTOP cannot be blocked. */
  #force(): void {
    this.#stubborn = null;
    const pid = this.#host.localPid();
    if (!this.#running || pid === 0) return;
    try {
      process.kill(pid, 'SIGSTOP');
    } catch {
      // It has just gone; its end is the stop.
    }
  }

  #settled(): void {
    this.#running = false;
    this.#waiting = null;
    this.#failing = null;
    if (this.#stubborn) clearTimeout(this.#stubborn);
    this.#stubborn = null;
  }

  async lock(mode: 'on' | 'off'): Promise<void> {
    if (this.#locking === mode) return;
    await this.#host.engine.console(`set scheduler-locking ${mode}`);
    this.#locking = mode;
  }

  /** GDB delivers the pending signal by itself, but for those it keeps. */
  async #prepareSignal(how: Resume): Promise<void> {
    const signal = this.#signal;
    this.#signal = null;
    if (signal === null) return;
    if (how.signal === 'handled') await this.#host.engine.console('queue-signal 0');
    else if (KEPT_BY_GDB.has(signal) && signal !== 'SIGTRAP')
      await this.#host.engine.console(`queue-signal ${signal}`);
  }

  /** `finish` of the outermost frame is an error in GDB; running on is what a user wants. */
  async #finish(how: Resume, thread: string): Promise<Stop> {
    return this.run(`-exec-finish ${thread} --frame ${how.frame ?? 0}`);
  }

  async describe(raw: RawStop): Promise<Stop> {
    const interrupted = this.#interrupting;
    this.#interrupting = false;
    await this.#host.settleOutput();
    const gone = goneStop(raw);
    if (gone) {
      this.#host.gone();
      return gone;
    }
    const number = text(raw.values, 'thread-id');
    const thread = number === '' ? 0 : this.#host.threads.index(number);
    const reason = stopReason(raw);
    if (reason === 'signal') return this.#signalStop(raw, thread, number, interrupted);
    const breakpoints = await this.#host.breakpoints.hit(raw);
    if (raw.reason === '' && interrupted) return { reason: 'interrupt', thread, breakpoints };
    return { reason, thread, breakpoints, ...(reason === 'watchpoint' ? watchValues(raw) : {}) };
  }

  async #signalStop(raw: RawStop, thread: number, number: string, interrupted: boolean): Promise<Stop> {
    const name = text(raw.values, 'signal-name');
    const own = interrupted && (name === 'SIGINT' || name === 'SIGSTOP' || name === '0');
    if (own || name === '0') {
      if (name === 'SIGSTOP') await this.#host.engine.console('queue-signal 0');
      return { reason: 'interrupt', thread, breakpoints: [] };
    }
    this.#signal = name;
    const details = await this.#host.engine.helper
      .call<{ number?: number; code?: number; address?: string }>('siginfo', { thread: Number(number) })
      .catch(() => ({ number: signalNumber(name) }));
    return { reason: 'signal', thread, breakpoints: [], signal: signalInfo(name, details) };
  }
}
