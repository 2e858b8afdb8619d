import type { Backend } from '../backend/backend.ts';
import type { Context, ModuleInfo, ProcessInfo, SignalInfo, ThreadInfo } from '../backend/types.ts';
import { engineErrors } from '../errors.ts';
import type { Radix } from '../expressions/numbers.ts';
import { BreakpointTable } from './breakpoints/breakpoint.ts';
import { CancelFlag } from './cancel.ts';
import type { StartOptions, TargetSpec } from './host.ts';
import { CodeCache } from './stops/code-cache.ts';

/** A signal that has been reported and not been delivered yet. */
export interface PendingSignal {
  readonly signal: SignalInfo;
  readonly thread: number;
  chance: 'first' | 'second';
}

/** Instructions read together where steps come to new code. */
const READ_AHEAD = 16;

/** The state that commands work on. */
export class DebuggerState {
  backend: Backend | null = null;
  kind: 'none' | 'live' | 'core' = 'none';
  /** Why it may not be run although it is live: attached with `-pv`. */
  lookOnly = false;
  running = false;
  spec: TargetSpec | null = null;
  options: StartOptions | null = null;
  process: ProcessInfo | null = null;

  thread = 0;
  frame = 0;
  /** Thread of the last event. */
  eventThread = 0;
  /** Kept for the prompt, which must not ask the back end. */
  threads: readonly ThreadInfo[] = [];
  pending: PendingSignal | null = null;
  lastEvent: { readonly text: string; readonly time: Date } | null = null;

  radix: Radix = 16;
  /** `$t0`…`$t19`. */
  readonly temporaries: bigint[] = new Array<bigint>(20).fill(0n);
  /** `$exp` and `$p`. */
  lastExpression = 0n;
  lastDisplayed = 0n;
  /** Where `d*` and `u` without address go on; null: at the instruction pointer. */
  dataCursor: bigint | null = null;
  codeCursor: bigint | null = null;
  /** `d` repeats this one. */
  lastDisplay = 'db';
  /** `pr` and `tr` flip it. */
  showRegisters = true;
  lastTypeName: string | null = null;

  symbolPath: readonly string[] = [];
  sourcePath: readonly string[] = [];

  readonly breakpoints = new BreakpointTable();
  readonly cancel = new CancelFlag();
  /** Threads came or went since they were read. */
  threadsStale = true;
  #code: CodeCache | null = null;
  #modules: Promise<readonly ModuleInfo[]> | null = null;

  get context(): Context {
    return { thread: this.thread, frame: this.frame };
  }

  get pointerSize(): 4 | 8 {
    return /^(i[3-6]86|x86|arm|mips|riscv32|powerpc)$/.test(this.backend?.architecture ?? '') ? 4 : 8;
  }

  get isX64(): boolean {
    return /x86[-_:]64|amd64/.test(this.backend?.architecture ?? '');
  }

  /** The back end with a target behind it, or NO_TARGET. */
  get target(): Backend {
    if (!this.backend || this.kind === 'none') throw engineErrors.noTarget(this.spec?.kind === 'launch');
    return this.backend;
  }

  get threadInfo(): ThreadInfo | null {
    return this.threads.find((thread) => thread.index === this.thread) ?? null;
  }

  modules(): Promise<readonly ModuleInfo[]> {
    this.#modules ??= this.target.modules();
    return this.#modules;
  }

  forgetModules(): void {
    this.#modules = null;
    this.#code = null;
  }

  /** Code that steps have come through; forgotten when the target runs freely. */
  get code(): CodeCache {
    this.#code ??= new CodeCache(this.target, READ_AHEAD);
    return this.#code;
  }

  async refreshThreads(): Promise<readonly ThreadInfo[]> {
    this.threadsStale = false;
    this.threads = await this.target.threads();
    return this.threads;
  }

  /** The target is about to run: what was read from it does not count any more, but for code when it steps. */
  resumed(steps: boolean): void {
    if (!steps) this.#code = null;
    this.frame = 0;
    this.dataCursor = null;
    this.codeCursor = null;
  }

  /** The target is gone. */
  clearTarget(): void {
    this.resumed(false);
    this.threadsStale = true;
    this.kind = 'none';
    this.running = false;
    this.pending = null;
    this.process = null;
    this.threads = [];
    this.thread = 0;
    this.eventThread = 0;
    this.#modules = null;
  }
}
