import { type HawserError, toHawserError } from '../../../transports/errors/error.ts';
import type { Backend, CreateBackend } from '../../backend/backend.ts';
import type { Stop } from '../../backend/types.ts';
import { engineErrors } from '../../errors.ts';
import { stubErrors } from '../../stub/errors.ts';
import type { Stub } from '../../stub/stub.ts';
import { placeAgain } from '../breakpoints/place.ts';
import { applyFilters } from '../events/apply.ts';
import { noteException } from '../events/record.ts';
import type { CommandHost, StartOptions, TargetEnd, TargetSpec } from '../host.ts';
import { findLinux } from '../kernel/find.ts';
import type { DebuggerState } from '../state.ts';
import type { Execution } from '../stops/execution.ts';
import { dropSystem } from '../stops/report.ts';
import { type System, stubOf } from '../system.ts';
import { throughStub } from '../systems/through-stub.ts';
import { announceStart } from './announce.ts';
import { followEvents } from './events.ts';
import { Links } from './links.ts';
import { Transfers } from './transfers.ts';

/** How often a target that is to be let go is stopped for that. */
const MOST_STOPS = 5;
/** At the end of a session a debugger that does not answer is waited for so long, milliseconds. */
const ORDERLY_MS = 10_000;

/** Opens targets and lets them go, each in a system of its own. */
export class Targets {
  readonly #state: DebuggerState;
  readonly #host: CommandHost;
  readonly #execution: Execution;
  readonly #createBackend: CreateBackend;
  readonly transfers = new Transfers();
  readonly links: Links;
  /** How kernels were opened, to meet them again when they have rebooted. */
  readonly #kernels = new Map<Stub, { readonly spec: TargetSpec; readonly options: StartOptions }>();

  constructor(state: DebuggerState, host: CommandHost, execution: Execution, createBackend: CreateBackend) {
    this.#state = state;
    this.#host = host;
    this.#execution = execution;
    this.#createBackend = createBackend;
    this.links = new Links(state, host);
  }

  /**
   * Opens a target beside those there are, or as the only one, and shows the initial break; it is the current one. Of
   * one that cannot be opened nothing stays.
   */
  async open(spec: TargetSpec, options: StartOptions): Promise<void> {
    const state = this.#state;
    const before = state.current;
    const system = state.addSystem();
    let stop: Stop;
    try {
      stop = await state.cancel.during(this.#open(system, spec, options), () => void system.release());
    } catch (error) {
      await system.release();
      state.removeSystem(system);
      state.current = before;
      throw error;
    }
    for (const gone of state.systems) {
      if (gone.kind !== 'none') continue;
      state.removeSystem(gone);
      await gone.release();
    }
    if (spec.kind === 'stub' && spec.stub.kernel) this.#kernels.set(spec.stub, { spec, options });
    try {
      await this.#shown(system, spec, stop);
    } catch (error) {
      // Of a kernel that went meanwhile it was told, and it is met again.
      if (!(spec.kind === 'stub' && spec.stub.kernel && system.kind === 'none')) throw error;
    }
  }

  /** A process that the current system's has made, on the same machine. Answers whether it is to run on at once. */
  async openChild(pid: number): Promise<boolean> {
    const { stub, options } = this.#state.current;
    const wanted = { kind: 'attach', pid, noninvasive: false, noBreak: false, child: true } as const;
    const spec = stub ? throughStub(wanted, stub) : wanted;
    await this.open(spec, options ?? this.#state.startOptions);
    return goesAtOnce(this.#state, spec, this.#state.current.options);
  }

  /** A kernel that had gone, behind the same stub: opened as it was. Answers whether it is to run on at once. */
  async meetAgain(stub: Stub): Promise<boolean> {
    const known = this.#kernels.get(stub);
    if (!known || this.#state.systems.some((system) => system.stub === stub && system.kind !== 'none'))
      return false;
    const gone = this.#state.systems.find((system) => system.spec === known.spec && system.kind === 'none');
    if (gone) {
      // The same system: its breakpoints stay.
      await gone.release();
      await this.#shown(gone, known.spec, await this.#open(gone, known.spec, known.options));
    } else await this.open(known.spec, known.options);
    return goesAtOnce(this.#state, known.spec, known.options);
  }

  /** Starts a program that the debugger started before once more; breakpoints stay. Answers whether it is to run on at once. */
  async restart(): Promise<boolean> {
    const { current: system, spec, options, kind } = this.#state;
    if (!spec || !options) throw engineErrors.noTarget();
    if (spec.kind === 'core') throw engineErrors.coreNotStarted();
    if (system.stub?.kernel)
      throw engineErrors.unsupported('.restart', 'a kernel is no program', 'Use .reboot.');
    if (spec.kind !== 'launch') {
      throw engineErrors.unsupported(
        '.restart',
        'the debugger did not start this process',
        'Use .detach and attach again.',
      );
    }
    if (kind !== 'none') await this.#kill(system);
    await system.release();
    const stop = await this.#open(system, spec, { ...options, ignoreInitialBreak: false });
    await this.#shown(system, spec, stop);
    return goesAtOnce(this.#state, spec, system.options);
  }

  /** Ends the current target. */
  async kill(): Promise<void> {
    const { current } = this.#state;
    await this.#kill(current);
    await this.#gone(current, 'Terminated.  Exit thread and process events will occur.');
  }

  async #kill(system: System): Promise<void> {
    const backend = system.target;
    if (system.kind === 'core') throw engineErrors.coreHasNoProcess();
    if (system.isKernel)
      throw engineErrors.unsupported(
        '.kill',
        'a kernel is no process',
        'Use .reboot, or .detach to let it run on.',
      );
    if (system.lookOnly) throw engineErrors.looksOnly('.kill', 'Use .detach; to end it, attach without -pv.');
    await backend.kill();
  }

  /** Lets a target go, the current one by default. `signal`: what becomes of the one that was reported; left out: as `g` has it. */
  async detach(system = this.#state.current, signal?: 'pass' | 'handled'): Promise<void> {
    const { kind, target } = system;
    // Not met again: it was let go.
    if (system.stub) this.#kernels.delete(system.stub);
    await this.#execution.stopRunning(system);
    if (kind === 'live' && system.kind === 'live')
      await target.detach(signal ?? this.#execution.signalOf(system));
    await this.#gone(system, 'Detached');
  }

  /** Ends targets and back ends, whatever state they are in. */
  async dispose(end: TargetEnd): Promise<void> {
    const ended = await Promise.allSettled(this.#state.systems.map((system) => this.#dispose(system, end)));
    await this.links.close();
    this.#host.stateChanged();
    for (const each of ended) if (each.status === 'rejected') throw each.reason;
  }

  async #dispose(system: System, end: TargetEnd): Promise<void> {
    const { backend, kind } = system;
    if (!backend) return;
    try {
      const orderly = this.#stopped(system, async () => {
        if (kind === 'live' && system.kind === 'live')
          await (isKilled(system, end) ? backend.kill() : backend.detach());
      });
      await atMost(orderly, ORDERLY_MS);
    } finally {
      await system.release();
    }
  }

  /** With the target stopped. One that was stopped between two of many steps may take another before the break-in is seen. */
  async #stopped(system: System, work: () => Promise<void>): Promise<void> {
    // Whatever is still at work gives up.
    this.#state.cancel.requested = true;
    for (let tries = 1; ; tries++) {
      await this.#execution.stopRunning(system);
      try {
        return await work();
      } catch (error) {
        if (toHawserError(error).code !== 'TARGET_RUNNING' || tries === MOST_STOPS) throw error;
      }
    }
  }

  /** Its target is gone or let go: the session goes on with the next, or without any. */
  async #gone(system: System, how: string): Promise<void> {
    await system.release();
    this.#host.output('normal', `${how}\n`);
    await dropSystem(this.#state, this.#host, system);
    this.#host.stateChanged();
  }

  /** A process that only stands there, by a back end of its own beside those of the session's systems. */
  async look(stub: Stub, image: string | null): Promise<Backend> {
    const backend = await this.#createBackend(stub, image);
    try {
      await backend.setSymbolPath(this.#state.symbolPath);
      await backend.setSourcePath(this.#state.sourcePath);
      await backend.takeStubProcess(image ?? undefined);
      // Code that nobody has run yet is not in its memory, but in its files.
      await backend.raw('set trust-readonly-sections on');
      return backend;
    } catch (error) {
      await backend.dispose();
      throw error;
    }
  }

  async #open(system: System, spec: TargetSpec, options: StartOptions): Promise<Stop> {
    const state = this.#state;
    const backend = await this.#createBackend(stubOf(spec), fileOf(spec));
    if (!state.systems.includes(system)) {
      // Given up meanwhile.
      await backend.dispose();
      throw engineErrors.interrupted();
    }
    system.backend = backend;
    system.unfollow = followEvents(backend, system, {
      state,
      host: this.#host,
      transfers: this.transfers,
    });
    system.spec = spec;
    system.options = options;
    await backend.setSymbolPath(state.symbolPath);
    await backend.setSourcePath(state.sourcePath);
    const stop = await start(backend, spec).catch((error: unknown) => {
      throw ofStub(toHawserError(error), spec);
    });
    system.kind = spec.kind === 'core' ? 'core' : 'live';
    system.lookOnly = spec.kind === 'attach' && spec.noninvasive;
    system.thread = stop.thread ?? 0;
    system.eventThread = system.thread;
    system.process = await backend.process();
    await system.refreshThreads();
    // What this target cannot tell is no reason not to open it.
    await applyFilters(state, system).catch((error: unknown) =>
      this.#host.output('warning', `${toHawserError(error).text}\n`),
    );
    if (stop.signal && stop.thread !== null) await noteException(system, stop.signal, stop.thread);
    if (system.isKernel) await findLinux(state, system, false);
    return stop;
  }

  async #shown(system: System, spec: TargetSpec, stop: Stop): Promise<void> {
    const state = this.#state;
    state.eventSystem = system;
    await placeAgain(state, this.#host);
    const goes = goesAtOnce(state, spec, system.options);
    await announceStart(state, this.#host, spec, stop, goes);
    this.#host.modulesChanged();
    this.#host.threadsChanged();
    if (!goes) await this.#execution.display();
    this.#host.stateChanged();
  }
}

/** `-g`, `-pb`, `sxi ibp`: the target goes on at its initial break. */
export function goesAtOnce(state: DebuggerState, spec: TargetSpec, options: StartOptions | null): boolean {
  if (!options || options.breakOnConnect || spec.kind === 'core') return false;
  if (spec.kind === 'attach' && spec.noninvasive) return false;
  if (state.filters.initial.status !== 'break') return true;
  return options.ignoreInitialBreak || (spec.kind === 'attach' && spec.noBreak);
}

/** Whether an end kills a system's target. One that is only looked at is never killed, and a machine is not switched off. */
export function isKilled(system: System, end: TargetEnd): boolean {
  const { spec, options, lookOnly } = system;
  if (end === 'detach' || lookOnly || system.stub?.kernel) return false;
  if (end === 'kill') return true;
  if (options?.detachAtEnd) return false;
  return spec?.kind === 'launch' || (end === 'quit' && system.stub === null);
}

function start(backend: Backend, spec: TargetSpec): Promise<Stop> {
  switch (spec.kind) {
    case 'stub':
      return backend.takeStubProcess(spec.image);
    case 'launch':
      return backend.launch({
        program: spec.program,
        args: spec.args,
        ...(spec.cwd === undefined ? {} : { cwd: spec.cwd }),
        ...(spec.env === undefined ? {} : { env: spec.env }),
      });
    case 'attach':
      return backend.attach({ pid: spec.pid });
    case 'core':
      return backend.openCore({
        core: spec.core,
        ...(spec.program === undefined ? {} : { program: spec.program }),
      });
  }
}

/** For its architecture; a program of this machine's own is of this machine's. */
function fileOf(spec: TargetSpec): string | null {
  if (spec.kind === 'stub') return spec.image ?? null;
  return spec.kind === 'core' ? spec.core : null;
}

/** What GDB itself says of the process that a bare stub has comes of that stub's answers. */
function ofStub(error: HawserError, spec: TargetSpec): HawserError {
  if (spec.kind !== 'stub' || error.code !== 'GDB') return error;
  return stubErrors.stubNotUnderstood(spec.stub.connection, error.message);
}

/** Waits for work, but no longer; what it throws later nobody hears. */
async function atMost(work: Promise<unknown>, milliseconds: number): Promise<void> {
  work.catch(() => undefined);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  await Promise.race([work, late]).finally(() => clearTimeout(timer));
}
