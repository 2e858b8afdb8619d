import type { Resume, Stop } from '../../backend/types.ts';
import { engineErrors } from '../../errors.ts';
import type { Breakpoint } from '../breakpoints/breakpoint.ts';
import { isNotInserted, notInserted } from '../breakpoints/not-inserted.ts';
import type { CommandHost } from '../host.ts';
import type { DebuggerState } from '../state.ts';
import { stopDisplay } from './display.ts';
import { signalLines } from './event-text.ts';
import { reportEnd, reportStop } from './report.ts';
import { isFatal } from './signals.ts';

/** Runs the target and answers when it has stopped and the stop has been shown. */
export type Resumption = () => Promise<void>;

/** Runs a breakpoint's commands; answers with what they want to resume with, or null to stay. */
export type RunBreakpointCommands = (breakpoint: Breakpoint) => Promise<Resumption | null>;

/** A target that does not stop by then is left to the end of the back end. */
const STOP_WAIT_MS = 3000;

export type How = Omit<Resume, 'thread'> & { readonly thread?: number };

/**
 * Everything between "run" and "stopped and shown".
 *
 * First and second chance. GDB stops before a signal is delivered: that is the first chance. When the
 * target is then resumed and the signal has no handler, WinDbg would come back with the second chance
 * before the process dies. ptrace has no such stop, but the kernel knows beforehand: if the signal's
 * disposition is the default and the default is fatal, nobody will handle it. So resuming reports the
 * second chance without running anything, which is the state WinDbg would show; resuming once more
 * delivers the signal and the process ends.
 */
export class Execution {
  readonly #state: DebuggerState;
  readonly #host: CommandHost;
  readonly #runCommands: RunBreakpointCommands;
  /** What a breakpoint's commands want to run next. */
  #next: Resumption | null = null;
  /** The run under way, or the last one. */
  #running: Promise<Stop> | null = null;

  constructor(state: DebuggerState, host: CommandHost, runCommands: RunBreakpointCommands) {
    this.#state = state;
    this.#host = host;
    this.#runCommands = runCommands;
  }

  /** Runs a resumption, and those that breakpoints' commands ask for after it, one after the other. */
  async run(resumption: Resumption): Promise<void> {
    for (let next: Resumption | null = resumption; next; next = this.#takeNext()) await next();
  }

  /** Resumes, and shows the stop. */
  async go(how: How): Promise<void> {
    const stop = await this.resume(how);
    if (stop) await this.show(stop, how.kind === 'continue' || how.kind === 'finish');
  }

  /** Resumes and answers with the stop; null when a second chance was reported instead. */
  async resume(how: How): Promise<Stop | null> {
    if (how.signal === 'handled') this.#state.pending = null;
    else if (await this.#secondChance()) return null;
    const steps = how.kind !== 'continue' && how.kind !== 'finish';
    return this.settle(steps, (thread) =>
      this.#state.target.resume({ ...how, thread: how.thread ?? thread }),
    );
  }

  /** Lets the target run in `run` and takes in where it stopped. `steps`: it only steps. */
  async settle<T extends Stop>(steps: boolean, run: (thread: number) => Promise<T>): Promise<T> {
    const state = this.#state;
    this.expectRunnable();
    const running = this.#settle(steps, state.thread, run);
    this.#running = running;
    return running;
  }

  async #settle<T extends Stop>(
    steps: boolean,
    thread: number,
    run: (thread: number) => Promise<T>,
  ): Promise<T> {
    const state = this.#state;
    const { pending } = state;
    state.resumed(steps);
    state.pending = null;
    state.running = true;
    this.#host.stateChanged();
    try {
      const stop = await run(thread);
      await this.#arrived(stop);
      return stop;
    } catch (error) {
      if (!isNotInserted(error)) throw error;
      // It has not run: what it would have got is still to come.
      state.pending = pending;
      throw notInserted(state, error);
    } finally {
      state.running = false;
      this.#host.stateChanged();
    }
  }

  /** Breaks in and waits for the stop: a running target can be neither killed nor let go. */
  async stopRunning(): Promise<void> {
    const { backend, running, cancel } = this.#state;
    if (!running || !backend) return;
    cancel.requested = true;
    await backend.interrupt();
    await Promise.race([
      this.#running?.catch(() => {}),
      new Promise((resolve) => setTimeout(resolve, STOP_WAIT_MS).unref()),
    ]);
  }

  /** `breaks`: it is for a breakpoint. */
  expectRunnable(breaks = false): void {
    const state = this.#state;
    const target = state.target;
    if (state.kind === 'core') throw breaks ? engineErrors.coreNoBreakpoints() : engineErrors.coreCannotRun();
    if (state.lookOnly) {
      throw engineErrors.looksOnly('Running the target', 'To run it, .detach, then attach without -pv.');
    }
    if (target.capabilities.run !== true) {
      throw engineErrors.unsupported('Running the target', target.capabilities.run);
    }
  }

  /** Shows a stop; a breakpoint with commands runs them first when it was reached by running. */
  async show(stop: Stop, runsCommands: boolean): Promise<void> {
    const state = this.#state;
    if (stop.thread === null) return reportEnd(state, this.#host, stop);
    const hit = stop.breakpoints.flatMap((number) => state.breakpoints.byBackendNumber(number) ?? []);
    this.#forgetOneShots(hit);
    const withCommands = runsCommands ? hit.filter((breakpoint) => breakpoint.commands !== '') : [];
    reportStop(state, this.#host, stop, hit, withCommands.length > 0);
    for (const breakpoint of withCommands) {
      this.#next = await this.#runCommands(breakpoint);
      if (this.#next && !state.cancel.requested) return;
      this.#next = null;
    }
    await this.display();
  }

  async display(): Promise<void> {
    if (this.#state.kind === 'none') return;
    const text = await stopDisplay(this.#state, this.#state.showRegisters);
    this.#host.output('prompt-registers', `${text}\n`);
  }

  /** The state of the target after it stopped. */
  async #arrived(stop: Stop): Promise<void> {
    const state = this.#state;
    state.running = false;
    if (stop.thread === null) return;
    state.thread = stop.thread;
    state.eventThread = stop.thread;
    if (stop.reason === 'signal' && stop.signal) {
      state.pending = { signal: stop.signal, thread: stop.thread, chance: 'first' };
    }
    if (state.threadsStale) await state.refreshThreads();
  }

  /** The back end drops these when they are hit. */
  #forgetOneShots(hit: readonly Breakpoint[]): void {
    const oneShots = hit.filter((breakpoint) => breakpoint.oneShot);
    for (const breakpoint of oneShots) this.#state.breakpoints.delete(breakpoint.id);
    if (oneShots.length > 0) this.#host.breakpointsChanged();
  }

  async #secondChance(): Promise<boolean> {
    const state = this.#state;
    const pending = state.pending;
    if (!pending || pending.chance === 'second') return false;
    const disposition = (await state.target.signalDisposition?.(pending.signal.name)) ?? 'unknown';
    if (!isFatal(pending.signal, disposition)) return false;
    pending.chance = 'second';
    state.thread = pending.thread;
    for (const line of signalLines(state, pending.thread, pending.signal, 'second')) {
      this.#host.output('normal', `${line}\n`);
    }
    await this.display();
    return true;
  }

  #takeNext(): Resumption | null {
    const next = this.#next;
    this.#next = null;
    return next;
  }
}
