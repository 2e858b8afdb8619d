import type { Resume, Stop } from '../../backend/types.ts';
import { engineErrors } from '../../errors.ts';
import type { Breakpoint } from '../breakpoints/breakpoint.ts';
import { isNotInserted, notInserted } from '../breakpoints/not-inserted.ts';
import { dropUnloaded, placeAgain, unplace } from '../breakpoints/place.ts';
import { EventFilters } from '../events/filters.ts';
import { asCommands, breaks, eventsOf, passedLine } from '../events/judge.ts';
import { noteException } from '../events/record.ts';
import { type CommandHost, SESSION_ITSELF } from '../host.ts';
import { followLinux } from '../kernel/find.ts';
import type { DebuggerState } from '../state.ts';
import type { System } from '../system.ts';
import { keepChild, noChildren, releaseChild } from '../targets/children.ts';
import { stopDisplay } from './display.ts';
import { signalLines } from './event-text.ts';
import { dropSystem, reportEnd, reportStop } from './report.ts';
import { isFatal } from './signals.ts';
import { firstToStop } from './together.ts';

/** Runs the target and answers when it has stopped and the stop has been shown. */
export type Resumption = () => Promise<void>;

/** Runs the commands of a breakpoint or an event; answers with what they want to resume with, or null to stay. */
export type RunBreakpointCommands = (
  of: Pick<Breakpoint, 'commands' | 'owner'>,
) => Promise<Resumption | null>;

/** A target that does not stop by then is left to the end of the back end. */
const STOP_WAIT_MS = 3000;

export type How = Omit<Resume, 'thread'> & { readonly thread?: number };

/**
 * Everything between "run" and "stopped and shown".
 *
 * Several systems. What runs freely (`g`, `gu`) runs all of them that can, unless it is for one thread; the first stop
 * stops the others and makes its system the current one. Steps move the current system alone.
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
  /** Debugs a process that the current system's has made, which has been let go and stands. Answers whether it is to run on at once. */
  onChild: (pid: number) => Promise<boolean> = async () => false;
  /** How the target was resumed last. */
  lastKind: Resume['kind'] = 'continue';

  constructor(state: DebuggerState, host: CommandHost, runCommands: RunBreakpointCommands) {
    this.#state = state;
    this.#host = host;
    this.#runCommands = runCommands;
  }

  /** Runs a resumption, and those that breakpoints' commands ask for after it, one after the other. */
  async run(resumption: Resumption): Promise<void> {
    for (let next: Resumption | null = resumption; next; next = this.#takeNext()) await next();
  }

  openingCommands(again: boolean): readonly Pick<Breakpoint, 'commands' | 'owner'>[] {
    const { filters, options } = this.#state;
    const { first } = filters.initial;
    const commands = again ? (options?.restartCommands ?? '') : '';
    return [
      ...(first ? [asCommands(first)] : []),
      ...(commands === '' ? [] : [{ commands, owner: SESSION_ITSELF }]),
    ];
  }

  /**
   * A target has been opened: runs the commands of its initial break (`sxe -c … ibp`), after a .restart those of `-cfr` too, and lets
   * it go where that is wanted and no command has done so.
   */
  async opened(goes: boolean, again = false): Promise<void> {
    for (const each of this.openingCommands(again)) {
      this.#next = await this.#runCommands(each);
      if (this.#next) return;
    }
    if (goes) await this.go({ kind: 'continue' });
  }

  /** Resumes, and shows the stop. */
  async go(how: How): Promise<void> {
    const stop = await this.resume(how);
    if (stop) await this.show(stop, how.kind === 'continue' || how.kind === 'finish');
  }

  /**
   * Resumes and answers with the stop, in what is then the current system; null when a second chance was reported instead. From
   * events that nobody wants to stop for it goes on.
   */
  async resume(how: How): Promise<Stop | null> {
    this.lastKind = how.kind;
    const { signal, ...again } = how;
    for (let next = how; ; next = again) {
      const stop = await this.#resumeOnce(next);
      const child = stop ? await this.#takesChild(stop) : 'none';
      if (child === 'stands') return null;
      if (!stop || (child === 'none' && !(await this.passes(stop)))) return stop;
      if (this.#state.cancel.requested) return { reason: 'interrupt', thread: stop.thread, breakpoints: [] };
    }
  }

  /**
   * `.childdbg`: the child of a fork is debugged, as a system of its own. Its parent's GDB lets it go when the parent makes its next
   * step; SIGSTOP keeps it where it is until another GDB has it.
   */
  async #takesChild({ reason, thread, event }: Stop): Promise<'none' | 'stands' | 'runs'> {
    const { childDebugging, current } = this.#state;
    const pid = event?.pid ?? 0;
    if (
      !childDebugging ||
      reason !== 'forked' ||
      !event ||
      thread === null ||
      pid === 0 ||
      noChildren(current)
    )
      return 'none';
    const givenUp = new AbortController();
    const kept = await this.#state.cancel.during(
      keepChild(current, event, (how) => this.settle(true, () => current.target.resume(how)), givenUp.signal),
      () => givenUp.abort(),
    );
    if (kept !== 'stands') {
      this.#host.output('normal', `${kept === 'shares' ? sharedChildLine(pid) : endedChildLine(pid)}\n`);
      return kept === 'shares' ? 'none' : 'runs';
    }
    let goes: boolean;
    try {
      goes = await this.onChild(pid);
    } catch (error) {
      await releaseChild(current, pid);
      throw error;
    }
    for (const each of this.openingCommands(false)) {
      this.#next = await this.#runCommands(each);
      if (this.#next) return 'stands';
    }
    // What was asked for goes on, and the child with it.
    if (goes) this.#state.current = current;
    return goes ? 'runs' : 'stands';
  }

  /** Whether a stop of the current system is an event that is only told, or not even that. Its commands have run then. */
  async passes(stop: Stop): Promise<boolean> {
    if (stop.thread === null) return false;
    const { current, filters } = this.#state;
    const events = eventsOf(current, filters, stop);
    if (events.length === 0 || events.some(breaks)) return false;
    for (const event of events) {
      const line = passedLine(current, event, stop);
      if (line !== null) this.#host.output('normal', `${line}\n`);
      if (event.filter.first && EventFilters.matches(event.filter, event.subject))
        await this.#runCommands(asCommands(event.filter.first));
    }
    if (current.pending && stop.reason === 'signal') current.pending.passed = true;
    current.occurred.length = 0;
    return true;
  }

  async #resumeOnce(how: How): Promise<Stop | null> {
    const state = this.#state;
    const { current } = state;
    const steps = how.kind !== 'continue' && how.kind !== 'finish';
    const alone = steps || how.onlyThread;
    const others = alone ? [] : state.others;
    const held = alone ? null : this.#takeHeld();
    if (held) return held;
    const signal = how.signal ?? this.signalOf(current);
    if (signal === 'handled') current.pending = null;
    for (const system of [current, ...others]) if (await this.#secondChance(system)) return null;
    const run = (thread: number) =>
      current.target.resume({ ...how, ...heldBack(current, how), signal, thread: how.thread ?? thread });
    if (others.length === 0) return this.settle(steps, run);
    this.expectRunnable();
    const first = this.#start(current, false, run);
    return firstToStop(state, this.#host, first, others, (system) =>
      this.#start(system, false, (thread) =>
        system.target.resume({
          kind: 'continue',
          ...heldBack(system, {}),
          signal: this.signalOf(system),
          thread,
        }),
      ),
    );
  }

  /** What `g` does with the signal that was reported in a system. */
  signalOf({ pending }: System): 'pass' | 'handled' {
    return pending && this.#state.filters.forSignal(pending.signal).handled ? 'handled' : 'pass';
  }

  /** Lets the current system run in `run` and takes in where it stopped. `steps`: it only steps. */
  async settle<T extends Stop>(steps: boolean, run: (thread: number) => Promise<T>): Promise<T> {
    this.expectRunnable();
    return this.#start(this.#state.current, steps, run);
  }

  #start<T extends Stop>(system: System, steps: boolean, run: (thread: number) => Promise<T>): Promise<T> {
    const running = this.#settle(system, steps, run);
    system.run = running;
    return running;
  }

  async #settle<T extends Stop>(
    system: System,
    steps: boolean,
    run: (thread: number) => Promise<T>,
  ): Promise<T> {
    const { pending } = system;
    system.resumed(steps);
    system.pending = null;
    system.heldStop = null;
    system.running = true;
    this.#host.stateChanged();
    try {
      const stop = await run(system.thread);
      await arrived(system, stop);
      if (!steps && stop.thread !== null) await this.#followLinux(system);
      if (stop.thread !== null) await dropUnloaded(system, this.#host);
      return stop;
    } catch (error) {
      if (!isNotInserted(error)) throw error;
      // It has not run: what it would have got is still to come.
      system.pending = pending;
      throw notInserted(system, error);
    } finally {
      system.running = false;
      this.#host.stateChanged();
    }
  }

  /** Of a kernel that has started anew: symbols where they are now, and breakpoints with them. */
  async #followLinux(system: System): Promise<void> {
    const state = this.#state;
    const now = await followLinux(state, system);
    if (now === 'same') return;
    const lines = system.linux?.lines ?? ['The kernel is not where it was: its machine has started anew.'];
    this.#host.output('normal', `${lines.join('\n')}\n`);
    this.#host.modulesChanged();
    if (now !== 'moved' || system !== state.current) return;
    for (const breakpoint of state.breakpoints.all()) await unplace(state, breakpoint).catch(() => {});
    await placeAgain(state, this.#host);
  }

  /** Breaks in and waits for the stop: a running target can be neither killed nor let go. */
  async stopRunning(system: System): Promise<void> {
    const { backend, running, run } = system;
    if (!running || !backend) return;
    this.#state.cancel.requested = true;
    await backend.interrupt();
    await Promise.race([
      run?.catch(() => {}),
      new Promise((resolve) => setTimeout(resolve, STOP_WAIT_MS).unref()),
    ]);
  }

  /** `breaks`: it is for a breakpoint. */
  expectRunnable(breaks = false): void {
    const { kind, target, lookOnly } = this.#state;
    if (kind === 'core') throw breaks ? engineErrors.coreNoBreakpoints() : engineErrors.coreCannotRun();
    if (lookOnly) {
      throw engineErrors.looksOnly('Running the target', 'To run it, .detach, then attach without -pv.');
    }
    if (target.capabilities.run !== true) {
      throw engineErrors.unsupported('Running the target', target.capabilities.run);
    }
  }

  /**
   * Shows a stop of the current system; a breakpoint with commands runs them first when it was reached by running. `before`: what
   * comes between the event and where the target stands.
   */
  async show(stop: Stop, runsCommands: boolean, before?: () => Promise<unknown>): Promise<void> {
    const state = this.#state;
    state.eventSystem = state.current;
    if (stop.thread === null) return this.#showEnd(stop);
    const hit = stop.breakpoints.flatMap((number) => state.breakpoints.byBackendNumber(number) ?? []);
    this.#forgetOneShots(hit);
    const withCommands = runsCommands ? hit.filter((breakpoint) => breakpoint.commands !== '') : [];
    const events = eventsOf(state.current, state.filters, stop);
    reportStop(state, this.#host, stop, hit, withCommands.length > 0, events);
    state.current.occurred.length = 0;
    const commands = events.flatMap(({ filter }) => (filter.first ? [asCommands(filter.first)] : []));
    for (const each of [...withCommands, ...commands]) {
      this.#next = await this.#runCommands(each);
      if (this.#next && !state.cancel.requested) return;
      this.#next = null;
    }
    await before?.();
    await this.display();
  }

  async display(): Promise<void> {
    if (this.#state.kind === 'none' || this.#state.running) return;
    const text = await stopDisplay(this.#state, this.#state.showRegisters);
    this.#host.output('prompt-registers', `${text}\n`);
  }

  /** With other systems the session goes on with the next one. */
  async #showEnd(stop: Stop): Promise<void> {
    const state = this.#state;
    const { current } = state;
    reportEnd(state, this.#host, current, stop);
    await dropSystem(state, this.#host, current);
    if (state.current !== current) await this.display();
  }

  /** A stop that was not shown yet; its system becomes the current one. */
  #takeHeld(): Stop | null {
    const system = this.#state.systems.find((each) => each.heldStop);
    if (!system) return null;
    const { heldStop } = system;
    system.heldStop = null;
    this.#state.current = system;
    return heldStop;
  }

  /** The back end drops these when they are hit. */
  #forgetOneShots(hit: readonly Breakpoint[]): void {
    const oneShots = hit.filter((breakpoint) => breakpoint.oneShot);
    for (const breakpoint of oneShots) this.#state.breakpoints.delete(breakpoint.id);
    if (oneShots.length > 0) this.#host.breakpointsChanged();
  }

  async #secondChance(system: System): Promise<boolean> {
    const { pending } = system;
    if (!pending || pending.chance === 'second') return false;
    const filter = this.#state.filters.forSignal(pending.signal);
    if (filter.status === 'ignore') return false;
    const disposition = (await system.target.signalDisposition?.(pending.signal.name)) ?? 'unknown';
    if (!isFatal(pending.signal, disposition)) return false;
    pending.chance = 'second';
    this.#state.current = system;
    system.thread = pending.thread;
    for (const line of signalLines(system, pending.thread, pending.signal, 'second')) {
      this.#host.output('normal', `${line}\n`);
    }
    if (filter.second) {
      this.#next = await this.#runCommands(asCommands(filter.second));
      if (this.#next) return true;
    }
    if (filter.status === 'output') return false;
    await this.display();
    return true;
  }

  #takeNext(): Resumption | null {
    const next = this.#next;
    this.#next = null;
    return next;
  }
}

function endedChildLine(pid: number): string {
  return `Process ${pid} was made by vfork and has ended without running a program.`;
}

function sharedChildLine(pid: number): string {
  return `Process ${pid} was made by vfork: it has its parent's memory until it runs a program of its own, and is not taken. .attach 0n${pid} takes it then.`;
}

/** Threads that stay where they are; one that is told to run alone, or to step, must not be one of them. */
function heldBack(system: System, { kind, thread, onlyThread }: Partial<How>): { hold?: readonly number[] } {
  const { held } = system;
  if (held.length === 0) return {};
  const runs = thread ?? system.thread;
  if ((onlyThread || (kind !== undefined && kind !== 'continue')) && held.includes(runs))
    throw engineErrors.threadHeld(runs);
  return { hold: held };
}

/** The state of the target after it stopped. */
async function arrived(system: System, stop: Stop): Promise<void> {
  system.running = false;
  system.lastStop = stop;
  if (stop.thread === null) return;
  system.thread = stop.thread;
  system.eventThread = stop.thread;
  if (stop.reason === 'signal' && stop.signal) {
    system.pending = { signal: stop.signal, thread: stop.thread, chance: 'first' };
    await noteException(system, stop.signal, stop.thread);
  }
  if (stop.reason === 'exec') {
    system.process = await system.target.process();
    system.forgetModules();
    system.threadsStale = true;
  }
  if (system.threadsStale) await system.refreshThreads();
}
