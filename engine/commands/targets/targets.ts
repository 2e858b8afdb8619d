import type { Backend } from '../../backend/backend.ts';
import type { Stop } from '../../backend/types.ts';
import { engineErrors } from '../../errors.ts';
import { placeAgain } from '../breakpoints/place.ts';
import type { CommandHost, StartOptions, TargetSpec } from '../host.ts';
import type { DebuggerState } from '../state.ts';
import type { Execution } from '../stops/execution.ts';
import { announceStart } from './announce.ts';
import { followEvents } from './events.ts';

/** Opens targets and lets them go. */
export class Targets {
  readonly #state: DebuggerState;
  readonly #host: CommandHost;
  readonly #execution: Execution;
  readonly #createBackend: () => Promise<Backend>;
  #unfollow: () => void = () => {};

  constructor(
    state: DebuggerState,
    host: CommandHost,
    execution: Execution,
    createBackend: () => Promise<Backend>,
  ) {
    this.#state = state;
    this.#host = host;
    this.#execution = execution;
    this.#createBackend = createBackend;
  }

  /** Opens the target and shows the initial break. */
  async open(spec: TargetSpec, options: StartOptions): Promise<void> {
    const state = this.#state;
    const backend = await this.#freshBackend();
    state.spec = spec;
    state.options = options;
    await backend.setSymbolPath(state.symbolPath);
    await backend.setSourcePath(state.sourcePath);
    const stop = await start(backend, spec);
    await this.#opened(spec, stop);
  }

  /** Starts a program that the debugger started before once more; breakpoints stay. */
  async restart(): Promise<void> {
    const { spec, options, kind } = this.#state;
    if (!spec || !options) throw engineErrors.noTarget();
    if (spec.kind === 'core') throw engineErrors.coreNotStarted();
    if (spec.kind !== 'launch') {
      throw engineErrors.unsupported(
        '.restart',
        'the debugger did not start this process',
        'Use .detach and attach again.',
      );
    }
    if (kind !== 'none') await this.kill();
    await this.open(spec, { ...options, ignoreInitialBreak: false });
  }

  async kill(): Promise<void> {
    const backend = this.#state.target;
    if (this.#state.kind === 'core') throw engineErrors.coreHasNoProcess();
    if (this.#state.lookOnly)
      throw engineErrors.looksOnly('.kill', 'Use .detach; to end it, attach without -pv.');
    await backend.kill();
    await this.#release();
  }

  async detach(): Promise<void> {
    const backend = this.#state.target;
    if (this.#state.kind === 'live') await backend.detach();
    await this.#release();
  }

  /** Ends target and back end, whatever state they are in. */
  async dispose(target: 'kill' | 'detach'): Promise<void> {
    const { backend, kind } = this.#state;
    if (!backend) return;
    try {
      await this.#execution.stopRunning();
      if (kind === 'live' && this.#state.kind === 'live')
        await (target === 'kill' && !this.#state.lookOnly ? backend.kill() : backend.detach());
    } finally {
      await this.#release();
    }
  }

  async #freshBackend(): Promise<Backend> {
    await this.#release();
    const backend = await this.#createBackend();
    this.#state.backend = backend;
    this.#unfollow = followEvents(backend, this.#state, this.#host);
    return backend;
  }

  /** The target is gone or let go: a back end serves one target. */
  async #release(): Promise<void> {
    const { backend } = this.#state;
    this.#unfollow();
    this.#unfollow = () => {};
    this.#state.backend = null;
    this.#state.clearTarget();
    for (const breakpoint of this.#state.breakpoints.all()) breakpoint.info = null;
    await backend?.dispose();
    this.#host.stateChanged();
  }

  async #opened(spec: TargetSpec, stop: Stop): Promise<void> {
    const state = this.#state;
    state.kind = spec.kind === 'core' ? 'core' : 'live';
    state.lookOnly = spec.kind === 'attach' && spec.noninvasive;
    state.thread = stop.thread ?? 0;
    state.eventThread = state.thread;
    state.process = await state.target.process();
    await state.refreshThreads();
    await placeAgain(state, this.#host);
    const goes = goesAtOnce(spec, state.options);
    await announceStart(state, this.#host, spec, stop, goes);
    this.#host.modulesChanged();
    this.#host.threadsChanged();
    if (!goes) await this.#execution.display();
    this.#host.stateChanged();
  }
}

/** `-g`, `-pb`: the target goes on at its initial break. */
export function goesAtOnce(spec: TargetSpec, options: StartOptions | null): boolean {
  if (!options || options.breakOnConnect || spec.kind === 'core') return false;
  if (spec.kind === 'attach' && spec.noninvasive) return false;
  return options.ignoreInitialBreak || (spec.kind === 'attach' && spec.noBreak);
}

function start(backend: Backend, spec: TargetSpec): Promise<Stop> {
  switch (spec.kind) {
    case 'launch':
      return backend.launch({
        program: spec.program,
        args: spec.args,
        ...(spec.cwd === undefined ? {} : { cwd: spec.cwd }),
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
