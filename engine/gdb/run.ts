import type { Resume, Stop } from '../backend/types.ts';
import { engineErrors } from '../errors.ts';
import type { Breakpoints } from './breakpoints.ts';
import type { GdbEventStops } from './event-stops.ts';
import { heldThreads, whileParked } from './holding.ts';
import { text } from './mi/values.ts';
import type { Engine } from './parts.ts';
import {
  goneStop,
  type HowStopped,
  type RawStop,
  type SignalDetails,
  signalInfo,
  stopReason,
  unreported,
  watchValues,
} from './stops.ts';
import type { Threads } from './threads.ts';

/** After this long without a stop the target is taken to block SIGINT. */
const STUBBORN_MS = 250;

/**
 * A break-in that came as the target stopped by itself is still on its way to the target, and stops it once more,
 * the next time it runs. After this long it has got lost.
 */
const STRAY_MS = 3000;

/** A target that stands for a moment, between two steps of GDB's, is broken into the next moment. */
const AGAIN_MS = 2;

/** As much of what GDB says while it resumes is kept, to say why it could not. */
const MAX_SAID = 8192;

/** What a break-in stops the target with. */
const OWN: ReadonlySet<string> = new Set(['SIGINT', 'SIGSTOP', '0']);

/** In place of a stop: the command did not run the target. */
const NOT_RUN = 'not-run';

const COMMANDS: Readonly<Record<Resume['kind'], string>> = {
  continue: '-exec-continue',
  stepInstruction: '-exec-step-instruction',
  nextInstruction: '-exec-next-instruction',
  stepLine: '-exec-step',
  nextLine: '-exec-next',
  finish: '-exec-finish',
};

/** Over in a moment, nearly always. */
const STEPS: ReadonlySet<Resume['kind']> = new Set(['stepInstruction', 'nextInstruction']);

export interface RunHost {
  /** Sends whether the target runs or not. */
  readonly engine: Engine;
  readonly threads: Threads;
  readonly breakpoints: Breakpoints;
  readonly events: GdbEventStops;
  /** Asks the target to stop; see TargetLink. */
  breakIn(again: boolean): 'sent' | 'later' | 'no';
  /** Breakpoints wait for libraries whose files have to be found before GDB can know what is in them. */
  findsLibraries(): boolean;
  /** Finds them; the target stands in its loader. */
  librariesChanged(): Promise<void>;
  /** SIGSTOP to the target, where that can be had. */
  forceStop(): void;
  /** Of an error of GDB's: what is behind it. */
  explain(error: unknown): Promise<unknown>;
  /** The target has exited or died. */
  gone(): void;
  /** The process that traces the target where that is GDB itself; 0: another one does. */
  tracer(): number;
  /** A step has just been sent: what is sent now is answered as soon as it is done. */
  stepping(thread: number): void;
  /** Lets what the target did and wrote before it stopped be told before the stop is. */
  settle(gone: boolean): Promise<void>;
}

/** Resuming and stopping: one resume at a time, each answered by exactly one stop. */
export class Runner {
  readonly #host: RunHost;
  #running = false;
  /** GDB has begun to run the target. */
  #resumed = false;
  #waiting: ((stop: RawStop) => void) | null = null;
  #failing: ((error: Error) => void) | null = null;
  #last: RawStop | null = null;
  /** The signal that the target stopped with and will get when it goes on. */
  #signal: string | null = null;
  #interrupting = false;
  /** A break-in was sent since the target was last told to run. */
  #signalled = false;
  #stoppedByUs = false;
  /** Break-ins that were sent and have not stopped the target yet; the system may make one of several. */
  #sent = 0;
  /** Until then a break-in may come that was meant for a stop that is over. */
  #strayUntil = 0;
  #stubborn: NodeJS.Timeout | null = null;
  #again: NodeJS.Timeout | null = null;
  #interrupts = 0;
  #locking = 'off';
  #libraries = false;
  readonly #idle = engineErrors.gdb('The target does not run, and GDB told no stop.', 'interrupt');
  /** GDB's messages since it was told to run. */
  #said = '';

  constructor(host: RunHost) {
    this.#host = host;
  }

  get running(): boolean {
    return this.#running;
  }

  /** The target stands by a break-in and nothing else: signals that are ours, which it must not get when it is let go. */
  get ownSignals(): readonly string[] {
    return this.#stoppedByUs ? ['SIGINT', 'SIGSTOP'] : [];
  }

  /** The signal that it stopped with and will get when it goes on. */
  get signal(): string | null {
    return this.#signal;
  }

  /** A `*stopped` record. */
  onStopped(raw: RawStop): void {
    this.#last = raw;
    this.#waiting?.(raw);
  }

  /** A message of GDB's: the reason why it cannot resume comes as one. */
  onSaid(out: string): void {
    if (this.#running) this.#said = (this.#said + out).slice(-MAX_SAID);
  }

  onDied(error: Error): void {
    this.#failing?.(error);
  }

  reset(): void {
    this.#signal = null;
    this.#last = null;
  }

  async resume(how: Resume): Promise<Stop> {
    return this.describe(
      await this.#busy(async () => {
        if (performance.now() > this.#strayUntil) this.#sent = 0;
        const held = await heldThreads(this.#host, how);
        const thread = `--thread ${this.#host.engine.gdbThread(held.thread)}`;
        await this.lock(held.alone ? 'on' : 'off');
        if (how.signal === 'handled' && this.#signal !== null) {
          await this.#dropSignal(thread);
          this.#signal = null;
        }
        const finds = how.kind === 'continue' && this.#host.findsLibraries();
        await this.#stopOnLibraries(finds || this.#host.events.modules);
        const frame = how.kind === 'finish' ? ` --frame ${how.frame ?? 0}` : '';
        for (;;) {
          const going = whileParked(this.#host.engine, held.parked, () =>
            this.#go(`${COMMANDS[how.kind]} ${thread}${frame}`),
          );
          if (STEPS.has(how.kind)) this.#host.stepping(this.#host.engine.gdbThread(how.thread));
          const raw = await going;
          if (raw.reason === '' && text(raw.values, 'thread-id') === '')
            return {
              ...raw,
              values: { ...raw.values, 'thread-id': String(this.#host.engine.gdbThread(how.thread)) },
            };
          if (raw.reason === 'solib-event') {
            if (finds) await this.#host.librariesChanged();
            if (this.#host.events.modules && ('added' in raw.values || 'removed' in raw.values)) return raw;
            continue;
          }
          if (this.#interrupting || !(this.#isStray(raw) || (await this.#isTracers(raw)))) return raw;
          await this.#dropSignal(`--thread ${text(raw.values, 'thread-id')}`);
          if (this.#interrupting) return { reason: '', values: raw.values };
        }
      }),
    );
  }

  /** Runs the target by an MI command and answers its stop. */
  async run(command: string): Promise<Stop> {
    return this.describe(await this.raw(command));
  }

  /** A command that may run the target or not (`.gdb`). */
  async any(command: string): Promise<void> {
    const raw = await this.#busy(() => this.#go(command, true));
    if (raw.reason !== NOT_RUN) await this.describe(raw);
  }

  async raw(command: string): Promise<RawStop> {
    return this.#busy(() => this.#go(command));
  }

  /**
   * Runs the target by the helper: `start` answers when the target has begun to run, `collect`, which GDB reads
   * only after the target has stopped for good, with what came of it.
   */
  async during<T>(
    start: () => Promise<unknown>,
    collect: () => Promise<T>,
  ): Promise<{ readonly answer: T; readonly last: RawStop | null }> {
    return this.#busy(async () => {
      this.#last = null;
      this.#stoppedByUs = false;
      await start();
      this.#started();
      const answer = await collect();
      return { answer, last: this.#last };
    });
  }

  /** Answers true once for each break-in that came too late. */
  #isStray(raw: RawStop): boolean {
    if (!isBreakIn(raw) || this.#sent === 0 || performance.now() > this.#strayUntil) return false;
    this.#sent--;
    return true;
  }

  /** GDB's own SIGSTOP, with which it keeps threads still; where another event overtook it, it may be told as the target's. */
  async #isTracers(raw: RawStop): Promise<boolean> {
    if (raw.reason !== 'signal-received' || text(raw.values, 'signal-name') !== 'SIGSTOP') return false;
    const { sender } = await this.#siginfo(text(raw.values, 'thread-id'));
    const tracer = this.#host.tracer();
    return tracer !== 0 && sender?.[0] === tracer;
  }

  #siginfo(thread: string): Promise<SignalDetails> {
    return this.#host.engine.helper
      .call<SignalDetails>('siginfo', { thread: Number(thread) })
      .catch(() => ({}));
  }

  /** From here on the target counts as running, although GDB may have things to be told first. */
  async #busy<T>(work: () => Promise<T>): Promise<T> {
    this.#running = true;
    try {
      return await work();
    } catch (error) {
      this.#interrupting = false;
      throw await this.#host.explain(error);
    } finally {
      this.#settled();
    }
  }

  async #go(command: string, mayNotRun = false): Promise<RawStop> {
    const stopped = new Promise<RawStop>((resolve, reject) => {
      this.#waiting = resolve;
      this.#failing = reject;
    });
    // The command's own failure is what is told; this one must not go unhandled then.
    stopped.catch(() => {});
    this.#said = '';
    this.#stoppedByUs = false;
    const { name, failed } = await this.#host.engine.send(command);
    if (mayNotRun && name !== 'running') return { reason: NOT_RUN, values: {} };
    const failing = this.#failing;
    void failed?.then((error) => failing?.(error));
    this.#started();
    try {
      const raw = await stopped;
      if (raw.reason === '' && !this.#interrupting) this.#expectInserted();
      this.#signal = null;
      return raw;
    } catch (error) {
      this.#expectInserted();
      if (error === this.#idle && this.#sent > 0) return await this.#unreported();
      throw error;
    } finally {
      // What GDB does before it runs the target again, if it does, is not to be cancelled by a break-in.
      this.#resumed = false;
    }
  }

  /**
   * GDB took the break-in for its own: as it was about to run the target, which stands where it stood, or in the midst of
   * telling of a stop, whose record is lost.
   */
  async #unreported(): Promise<RawStop> {
    const nothing = { reason: '', values: {} };
    const how = await this.#host.engine.helper.call<HowStopped>('how_stopped').catch(() => null);
    if (how === null || (how.signal && how.signal === this.#signal)) return nothing;
    this.#signal = null;
    return unreported(how);
  }

  /** Where GDB could not resume because of a breakpoint, that is the error. */
  #expectInserted(): void {
    const error = this.#host.breakpoints.notInserted(this.#said);
    if (error) throw error;
  }

  /** SIGINT before GDB has begun to run the target would cancel the command instead. */
  #started(): void {
    this.#resumed = true;
    if (this.#interrupting) this.#signalGdb();
  }

  /** How often a break-in was wanted, whether the target ran or not. */
  get interrupts(): number {
    return this.#interrupts;
  }

  interrupt(): void {
    this.#interrupts += 1;
    if (!this.#running) return;
    this.#interrupting = true;
    if (this.#resumed) this.#signalGdb();
  }

  /** Breaks in and waits until whoever resumed has been answered. */
  async stopWithin(milliseconds: number): Promise<void> {
    const end = performance.now() + milliseconds;
    this.interrupt();
    while (this.#running && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 2));
  }

  #signalGdb(): void {
    const sent = this.#host.breakIn(this.#signalled);
    if (sent === 'later') this.#again ??= setTimeout(() => this.#signalAgain(), AGAIN_MS);
    if (sent !== 'sent') return;
    this.#signalled = true;
    this.#sent++;
    this.#strayUntil = performance.now() + STRAY_MS;
    this.#probe();
    this.#stubborn ??= setTimeout(() => this.#force(), STUBBORN_MS);
  }

  #signalAgain(): void {
    this.#again = null;
    if (this.#resumed && this.#interrupting) this.#signalGdb();
  }

  /**
   * GDB reads nothing while the target runs. When it answers this and no stop has come before the answer, the
   * target does not run, and no stop will come.
   */
  #probe(): void {
    const failing = this.#failing;
    if (!failing) return;
    const idle = () => failing(this.#idle);
    this.#host.engine.send('-gdb-show confirm').then(idle, idle);
  }

  /** A target that blocks SIGINT: SIGSTOP cannot be blocked. */
  #force(): void {
    this.#stubborn = null;
    if (!this.#running) return;
    this.#host.forceStop();
    this.#sent++;
    this.#strayUntil = performance.now() + STRAY_MS;
  }

  #settled(): void {
    this.#running = false;
    this.#resumed = false;
    this.#signalled = false;
    this.#waiting = null;
    this.#failing = null;
    if (this.#stubborn) clearTimeout(this.#stubborn);
    this.#stubborn = null;
    if (this.#again) clearTimeout(this.#again);
    this.#again = null;
  }

  async #stopOnLibraries(wanted: boolean): Promise<void> {
    if (this.#libraries === wanted) return;
    await this.#host.engine.console(`set stop-on-solib-events ${wanted ? 1 : 0}`);
    this.#libraries = wanted;
  }

  async lock(mode: 'on' | 'off'): Promise<void> {
    if (this.#locking === mode) return;
    await this.#host.engine.console(`set scheduler-locking ${mode}`);
    this.#locking = mode;
  }

  /** GDB delivers the signal that a thread stopped with when it goes on, unless told otherwise. */
  async #dropSignal(thread: string): Promise<void> {
    await this.#host.engine.send(`-interpreter-exec ${thread} console "queue-signal 0"`);
  }

  /** The stop as the interface has it; until that is known the target counts as running. */
  async describe(raw: RawStop): Promise<Stop> {
    const stop = await this.#busy(() => this.#describe(raw));
    this.#interrupting = false;
    return stop;
  }

  async #describe(raw: RawStop): Promise<Stop> {
    const interrupted = this.#interrupting;
    this.#interrupting = false;
    if (interrupted && isBreakIn(raw) && this.#sent > 0) this.#sent--;
    const gone = goneStop(raw);
    await this.#host.settle(gone !== null);
    if (gone) {
      this.#host.gone();
      return gone;
    }
    const ended = raw.reason === '' ? await this.#threadEnded() : null;
    if (ended) return ended;
    const number = text(raw.values, 'thread-id');
    const thread = number === '' ? 0 : this.#host.threads.index(number);
    const event = this.#host.events.describe(raw);
    if (event) return { ...event, thread, breakpoints: [] };
    const reason = stopReason(raw);
    if (reason === 'signal') return this.#signalStop(raw, thread, number, interrupted);
    const breakpoints = await this.#host.breakpoints.hit(raw);
    if (raw.reason === '' && interrupted) return { reason: 'interrupt', thread, breakpoints };
    return { reason, thread, breakpoints, ...(reason === 'watchpoint' ? watchValues(raw) : {}) };
  }

  /** The thread that ran alone has ended; GDB leaves it selected. Null: that is not why the target stands. */
  async #threadEnded(): Promise<Stop | null> {
    const { engine, threads } = this.#host;
    const living = await engine.helper
      .call<readonly [number, boolean] | null>('living_thread')
      .catch(() => null);
    if (!living?.[1] || threads.lastEnded === null) return null;
    const event = { thread: threads.lastEnded };
    return { reason: 'threadEnded', thread: threads.index(String(living[0])), breakpoints: [], event };
  }

  async #signalStop(raw: RawStop, thread: number, number: string, interrupted: boolean): Promise<Stop> {
    const name = text(raw.values, 'signal-name');
    const own = OWN.has(name) && (interrupted || this.#isStray(raw));
    if (own || name === '0') {
      this.#stoppedByUs = own;
      if (name !== '0') await this.#dropSignal(`--thread ${number}`);
      return { reason: 'interrupt', thread, breakpoints: [] };
    }
    this.#signal = name;
    const signal = signalInfo(name, await this.#siginfo(number));
    return { reason: 'signal', thread, breakpoints: [], signal };
  }
}

function isBreakIn(raw: RawStop): boolean {
  return raw.reason === 'signal-received' && OWN.has(text(raw.values, 'signal-name'));
}
