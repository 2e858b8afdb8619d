import type { Backend } from '../backend/backend.ts';
import type { EventStops, ModuleInfo, ProcessInfo, SignalInfo, Stop, ThreadInfo } from '../backend/types.ts';
import { engineErrors } from '../errors.ts';
import type { Syntax } from '../format/instruction.ts';
import type { Stub } from '../stub/stub.ts';
import { BreakpointTable } from './breakpoints/breakpoint.ts';
import type { StartOptions, TargetSpec } from './host.ts';
import type { Linux } from './kernel/linux.ts';
import type { ProgramLook } from './kernel/program-look.ts';
import { withProgram } from './kernel/program-view.ts';
import { UnloadedModules } from './modules/unloaded.ts';
import { CodeCache } from './stops/code-cache.ts';

/** A signal that has been reported and not been delivered yet. */
export interface PendingSignal {
  readonly signal: SignalInfo;
  readonly thread: number;
  chance: 'first' | 'second';
  /** Nobody was stopped for its first chance. */
  passed?: boolean;
}

export interface LoggedEvent {
  readonly text: string;
  readonly time: Date;
}

export interface ExceptionRecord {
  readonly signal: SignalInfo;
  readonly thread: number;
  readonly address: bigint;
}

/** Told while the target runs, which is then stopped: by the code of its filter (`ct`, `et`, `out`). */
export interface OccurredEvent {
  readonly code: 'ct' | 'et' | 'out';
  readonly thread?: number;
  readonly text?: string;
}

/** Events that are kept for `.eventlog`. */
const LOGGED = 200;

/** Instructions read together where steps come to new code. */
const READ_AHEAD = 16;

/**
 * One target behind its own back end, with everything that is read from it or set in it. Empty (`kind` none) before
 * there is a target and after it has gone.
 */
export class System {
  /** As `||` shows it. */
  readonly index: number;
  readonly breakpoints: BreakpointTable;
  backend: Backend | null = null;
  /** Ends the following of its back end's events. */
  unfollow: () => void = () => {};
  kind: 'none' | 'live' | 'core' = 'none';
  /** Why it may not be run although it is live: attached with `-pv`. */
  lookOnly = false;
  running = false;
  /** The run under way, or the last one. */
  run: Promise<Stop> | null = null;
  /** A stop of its own while another system's was shown: it is shown at the next `g`. */
  heldStop: Stop | null = null;
  lastStop: Stop | null = null;
  /** Paths of modules that went since the target stopped last. */
  readonly unloaded = new Set<string>();
  /** Modules that are no longer there, and where they were; the newest last. */
  readonly unloadedModules = new UnloadedModules();
  spec: TargetSpec | null = null;
  options: StartOptions | null = null;
  process: ProcessInfo | null = null;

  /** Where it stood when it stopped last, and the time before; null: not known. */
  #stoppedAt: bigint | null = null;
  previousIp: bigint | null = null;
  #placedStop: Stop | null = null;
  /** Where the branch was that `tb` has found, until the target runs on. */
  branchedFrom: bigint | null = null;

  thread = 0;
  #frame = 0;
  /** `.frame /c`: whose registers count; goes back to the innermost with every change of the frame. */
  registerFrame = 0;
  /** Thread of the last event. */
  eventThread = 0;
  /** Kept for the prompt, which must not ask the back end. */
  threads: readonly ThreadInfo[] = [];
  pending: PendingSignal | null = null;
  /** Indexes of threads that the debugger keeps still (`~f`), and suspend counts of its own (`~n`). */
  readonly frozen = new Set<number>();
  readonly suspended = new Map<number, number>();
  /** The newest last, at most {@link LOGGED}. */
  readonly events: LoggedEvent[] = [];
  #lastEvent: LoggedEvent | null = null;
  /** The signal, or the like, that came last: `.exr -1` and `.ecxr` are about it. */
  lastException: ExceptionRecord | null = null;
  /** What the target was stopped for by an event that GDB does not stop for. */
  readonly occurred: OccurredEvent[] = [];
  /** What its back end has been told to stop for. */
  eventStops: EventStops | null = null;
  /** Where `d*` and `u` without address go on; null: at the instruction pointer. */
  dataCursor: bigint | null = null;
  codeCursor: bigint | null = null;
  /** Threads came or went since they were read. */
  threadsStale = true;
  /** Of a kernel: the page tables of the task that .process chose; null: those in use. */
  pageTable: bigint | null = null;
  /** Of a kernel: the task that .process chose, by its task_struct. */
  chosenTask: bigint | null = null;
  /** Of a kernel: the program of that task, once it was asked for. */
  program: ProgramLook | null = null;
  /** Of a kernel that is Linux. */
  linux: Linux | null = null;
  /** How often it was looked for without being found; a machine may come to it later. */
  linuxLooks = 0;
  #view: Backend | null = null;
  #code: CodeCache | null = null;
  #modules: Promise<readonly ModuleInfo[]> | null = null;

  /** `idTaken`: by a breakpoint of another system. */
  constructor(index: number, idTaken: (id: number) => boolean) {
    this.index = index;
    this.breakpoints = new BreakpointTable(idTaken);
  }

  /** The local context: whose variables count. */
  get frame(): number {
    return this.#frame;
  }

  set frame(level: number) {
    this.#frame = level;
    this.registerFrame = 0;
  }

  get lastEvent(): LoggedEvent | null {
    return this.#lastEvent;
  }

  set lastEvent(event: LoggedEvent | null) {
    if (!event) return;
    this.#lastEvent = event;
    this.events.push(event);
    if (this.events.length > LOGGED) this.events.shift();
  }

  /** The end of a step and the like: the last event, but too many to be kept. */
  set passingEvent(event: LoggedEvent) {
    this.#lastEvent = event;
  }

  /** Threads that stay where they are when the target runs. */
  get held(): readonly number[] {
    const there = new Set(this.threads.map(({ index }) => index));
    const suspended = [...this.suspended].flatMap(([index, count]) => (count > 0 ? [index] : []));
    return [...new Set([...this.frozen, ...suspended])].filter((index) => there.has(index));
  }

  /** Through which the target is reached; null: it is on this machine. */
  get stub(): Stub | null {
    return stubOf(this.spec);
  }

  /** A kernel: threads are processors. */
  get isKernel(): boolean {
    return this.stub?.kernel !== undefined && this.kind !== 'none';
  }

  get pointerSize(): 4 | 8 {
    return /^(i[3-6]86|x86|arm|mips|riscv32|powerpc)$/.test(this.backend?.architecture ?? '') ? 4 : 8;
  }

  /** How its instructions are written. */
  get syntax(): Syntax {
    return this.isX64 ? 'x64' : this.isArm64 ? 'arm64' : 'plain';
  }

  get isArm64(): boolean {
    return this.backend?.architecture === 'aarch64';
  }

  get isX64(): boolean {
    return /x86[-_:]64|amd64/.test(this.backend?.architecture ?? '');
  }

  /** The back end with a target behind it, or NO_TARGET. */
  get target(): Backend {
    if (!this.backend || this.kind === 'none') throw engineErrors.noTarget(this.spec?.kind === 'launch');
    return this.backend;
  }

  /** What is looked at: the target, or the kernel with the program of the task that was chosen in its lower half. */
  get view(): Backend {
    return this.#view ?? this.target;
  }

  /** From here on names and addresses of programs are this one's. */
  showProgram(program: ProgramLook): void {
    this.program = program;
    this.#view = withProgram(this.target, program.backend);
    this.forgetModules();
  }

  #leaveProgram(): void {
    const { program } = this;
    if (!program) return;
    this.program = null;
    this.#view = null;
    this.forgetModules();
    void program.dispose();
  }

  /** Whether it can run at all. */
  get runnable(): boolean {
    return this.kind === 'live' && !this.lookOnly && this.backend?.capabilities.run === true;
  }

  modules(): Promise<readonly ModuleInfo[]> {
    this.#modules ??= this.#listModules();
    return this.#modules;
  }

  async #listModules(): Promise<readonly ModuleInfo[]> {
    const modules = await this.view.modules();
    for (const { path, start, end } of modules) this.unloadedModules.seen(path, start, end);
    return modules;
  }

  forgetModules(): void {
    this.#modules = null;
    this.#code = null;
  }

  /** Memory was written, and there may be code in it. */
  forgetCode(): void {
    this.#code = null;
    this.codeCursor = null;
  }

  /** Code that steps have come through; forgotten when the target runs freely. */
  get code(): CodeCache {
    this.#code ??= new CodeCache(this.view, READ_AHEAD);
    return this.#code;
  }

  async refreshThreads(): Promise<readonly ThreadInfo[]> {
    this.threadsStale = false;
    this.threads = await this.target.threads();
    return this.threads;
  }

  /** Where the target stands by its last stop; said once of each, a step that was recorded aside (`step`). */
  standsAt(ip: bigint, step = false): void {
    if (!step && this.#placedStop === this.lastStop && this.#stoppedAt !== null) return;
    if (!step) this.#placedStop = this.lastStop;
    this.previousIp = this.#stoppedAt;
    this.#stoppedAt = ip;
  }

  /** The target is about to run: what was read from it does not count any more, but for code when it steps. */
  resumed(steps: boolean): void {
    if (!steps) this.#code = null;
    this.branchedFrom = null;
    this.frame = 0;
    this.choosePages(null, null);
    this.dataCursor = null;
    this.codeCursor = null;
  }

  /** The task whose memory is looked at from here on, until the target runs; null: the current one's. */
  choosePages(
    chosen: { readonly task: bigint; readonly root: bigint } | null,
    translate: ((page: bigint) => Promise<bigint | null>) | null,
  ): void {
    this.#leaveProgram();
    this.chosenTask = chosen?.task ?? null;
    this.pageTable = chosen?.root ?? null;
    this.backend?.kernel?.translate(translate);
  }

  /** The target is gone or let go: a back end serves one. */
  async release(): Promise<void> {
    const { backend, linux } = this;
    this.unfollow();
    this.unfollow = () => {};
    this.eventStops = null;
    this.clearTarget();
    this.backend = null;
    await linux?.dispose();
    await backend?.dispose();
  }

  /** The target is gone. */
  clearTarget(): void {
    this.resumed(false);
    this.threadsStale = true;
    this.kind = 'none';
    this.running = false;
    this.pending = null;
    this.heldStop = null;
    this.frozen.clear();
    this.suspended.clear();
    this.lastStop = null;
    this.unloaded.clear();
    this.unloadedModules.clear();
    this.occurred.length = 0;
    this.lastException = null;
    this.process = null;
    this.previousIp = null;
    this.#stoppedAt = null;
    this.#placedStop = null;
    this.threads = [];
    this.thread = 0;
    this.eventThread = 0;
    this.#modules = null;
    const { linux } = this;
    this.linux = null;
    void linux?.dispose();
    for (const breakpoint of this.breakpoints.all()) breakpoint.info = null;
  }
}

export function stubOf(spec: TargetSpec | null): Stub | null {
  return spec && 'stub' in spec ? (spec.stub ?? null) : null;
}
