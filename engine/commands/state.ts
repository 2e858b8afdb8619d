import type { Backend } from '../backend/backend.ts';
import type { Context, ModuleInfo, ProcessInfo, ThreadInfo } from '../backend/types.ts';
import { engineErrors } from '../errors.ts';
import type { Radix } from '../expressions/numbers.ts';
import type { Syntax } from '../format/instruction.ts';
import { AliasTable } from './aliases/table.ts';
import type { BreakpointTable } from './breakpoints/breakpoint.ts';
import { CancelFlag } from './cancel.ts';
import { EventFilters } from './events/filters.ts';
import type { Caller, StartOptions, TargetSpec } from './host.ts';
import type { PendingInput } from './input/pending.ts';
import { Progress } from './progress.ts';
import { SourceListing } from './source/listing.ts';
import { SourceOptions } from './source/options.ts';
import type { CodeCache } from './stops/code-cache.ts';
import { type PendingSignal, System } from './system.ts';

const DEFAULT_OPTIONS: StartOptions = {
  ignoreInitialBreak: false,
  ignoreFinalBreak: false,
  symbolPath: [],
  sourcePath: [],
  commands: '',
  detachAtEnd: false,
  breakOnConnect: false,
};

/** What `.push` keeps. */
interface Pushed {
  readonly system: System;
  readonly thread: number;
  readonly frame: number;
  readonly radix: Radix;
  readonly evaluator: 'masm' | 'c++';
  readonly lastDisplay: string;
  readonly showRegisters: boolean;
  /** With /r: `$t0`…`$t19` and their types. */
  readonly temporaries: readonly (readonly [value: bigint, type: string | null])[] | null;
}

/** A script that pushes in a loop is stopped by it. */
const MOST_PUSHED = 100;

/** The state that commands work on: the debugger's own, and that of its systems, of which one is the current. */
export class DebuggerState {
  #systems: readonly System[];
  #current: System;

  radix: Radix = 16;
  /** `$t0`…`$t19`. */
  readonly temporaries: bigint[] = new Array<bigint>(20).fill(0n);
  /** C types of what `r?` stored there; null: a plain number. */
  readonly temporaryTypes: (string | null)[] = new Array<string | null>(20).fill(null);
  /** Which evaluator reads expressions (`.expr`). */
  evaluator: 'masm' | 'c++' = 'masm';
  /** `$extret`: what an extension leaves for others. */
  extensionResult = 0n;
  /** `$callret`: what the last `.call` returned; null: there was none. */
  callResult: bigint | null = null;
  /** `!analyze -c`: buckets that nobody need look at. */
  knownIssues: readonly string[] = [];
  /** `.kframes`: how far `k` goes, unless it is told. */
  defaultFrames = 256;
  /** `$exp` and `$p`. */
  lastExpression = 0n;
  lastDisplayed = 0n;
  /** What the next line is for, where a command has asked for something. */
  pendingInput: PendingInput | null = null;
  /** Where `a` goes on; null: nothing was assembled. */
  assembleCursor: bigint | null = null;
  /** `d` repeats this one. */
  lastDisplay = 'db';
  /** `e` repeats this one. */
  lastEdit = 'eb';
  /** The last `#`; null: there was none. `next`: behind its last hit, null where it found none. */
  codeSearch: {
    readonly pattern: string;
    readonly count: bigint | null;
    readonly next: bigint | null;
  } | null = null;
  /** Where `s -[s]` found something; `s -[r]` looks there only. */
  savedHits: readonly bigint[] = [];
  /** `pr` and `tr` flip it. */
  showRegisters = true;
  /** `.prefer_dml`: commands show links where they have some. */
  preferDml = true;
  /** `.symopt`; WinDbg's own at first. */
  symbolOptions = 0x30237;
  /** Where `ls` goes on, and what `lsp` has set. */
  readonly listing = new SourceListing();
  /** `!addsourcemap`: paths as compiled, and what to look for in their place. */
  sourceMaps: readonly (readonly [from: string, to: string])[] = [];
  /** `rm`: which of them; integers and segments at first. */
  registerMask = 0xa;
  lastTypeName: string | null = null;

  symbolPath: readonly string[] = [];
  sourcePath: readonly string[] = [];
  /** `.createdir`; null: where the debugger, or the process server, runs. */
  createDirectory: string | null = null;

  /** Of the session; a system has its own. */
  startOptions: StartOptions = DEFAULT_OPTIONS;

  /** Secure mode: never unset. */
  secure = false;

  /** `.echotimestamps`. */
  echoTimestamps = false;
  /** `.allow_exec_cmds`. */
  executionAllowed = true;
  /** `.noshell`: never unset. */
  noShell = false;
  /** `.quit_lock`: its password. */
  quitLock: string | null = null;
  /** `.pcmd`; run with its owner's rights. */
  promptCommand: { readonly commands: string; readonly owner: Caller } | null = null;
  readonly #pushed: Pushed[] = [];

  /** `l+`. */
  readonly source = new SourceOptions();
  /** `.step_filter`: `t` does not go into functions that match one of these. */
  stepFilter: readonly string[] = [];
  /** `.childdbg 1`. */
  childDebugging = false;
  /** `sx`. */
  readonly filters = new EventFilters();
  readonly aliases = new AliasTable();
  /** Remote clients may touch the engine's machine (`.hostaccess`). */
  remoteHostAccess = false;

  readonly cancel = new CancelFlag();
  readonly progress = new Progress();
  /** That of the last event. */
  eventSystem: System | null = null;
  /** The text of an error that an event told during this command: the command need not tell it again. */
  told: string | null = null;

  constructor() {
    this.aliases.automatic = (name) => coreAlias(name, this.#systems);
    this.#current = this.#newSystem(0);
    this.#systems = [this.#current];
  }

  /** By index. There is always one; without any target it is the only one, and empty. */
  get systems(): readonly System[] {
    return this.#systems;
  }

  /** The one that commands are for. */
  get current(): System {
    return this.#current;
  }

  set current(system: System) {
    if (this.#systems.includes(system)) this.#current = system;
  }

  /** Others than the current one that can run. */
  get others(): readonly System[] {
    return this.#systems.filter((system) => system !== this.#current && system.runnable);
  }

  /** A new, empty system, which is the current one. Those whose target has gone stay: whoever adds it takes them out. */
  addSystem(): System {
    const used = new Set(this.#systems.filter(({ kind }) => kind !== 'none').map(({ index }) => index));
    let index = 0;
    while (used.has(index)) index++;
    const system = this.#newSystem(index);
    this.#systems = [...this.#systems, system].sort((a, b) => a.index - b.index);
    this.#current = system;
    return system;
  }

  /** Takes out a system, unless it is the last; the next one is the current then. */
  removeSystem(system: System): void {
    if (this.#systems.length === 1 || !this.#systems.includes(system)) return;
    const at = this.#systems.indexOf(system);
    this.#systems = this.#systems.filter((each) => each !== system);
    const next = this.#systems[at] ?? this.#systems[0];
    if (this.#current === system && next) this.#current = next;
  }

  #newSystem(index: number): System {
    const system: System = new System(index, (id) =>
      this.#systems.some((other) => other !== system && other.breakpoints.get(id) !== undefined),
    );
    return system;
  }

  /** @throws HawserError `TOO_MUCH` */
  push(withTemporaries: boolean): void {
    if (this.#pushed.length >= MOST_PUSHED)
      throw engineErrors.tooMuch('The stack of .push', MOST_PUSHED, 'entries', '.pop takes some off.');
    const { thread, frame, radix, evaluator, lastDisplay, showRegisters } = this;
    const temporaries = withTemporaries
      ? this.temporaries.map((value, index) => [value, this.temporaryTypes[index] ?? null] as const)
      : null;
    const system = this.#current;
    this.#pushed.push({
      system,
      thread,
      frame,
      radix,
      evaluator,
      lastDisplay,
      showRegisters,
      temporaries,
    });
  }

  /** False: nothing has been pushed. */
  pop(withTemporaries: boolean): boolean {
    const pushed = this.#pushed.pop();
    if (!pushed) return false;
    this.radix = pushed.radix;
    this.evaluator = pushed.evaluator;
    this.lastDisplay = pushed.lastDisplay;
    this.showRegisters = pushed.showRegisters;
    if (withTemporaries)
      for (const [index, [value, type]] of (pushed.temporaries ?? []).entries()) {
        this.temporaries[index] = value;
        this.temporaryTypes[index] = type;
      }
    if (!this.#systems.includes(pushed.system)) return true;
    this.#current = pushed.system;
    if (!this.threads.some(({ index }) => index === pushed.thread)) return true;
    this.thread = pushed.thread;
    this.frame = pushed.frame;
    return true;
  }

  /** `!sym noisy`. */
  get noisySymbols(): boolean {
    return this.symbolOptions >= 0x8000_0000;
  }

  // What follows is the current system's.

  get backend(): Backend | null {
    return this.#current.backend;
  }

  get kind(): System['kind'] {
    return this.#current.kind;
  }

  get isKernel(): boolean {
    return this.#current.isKernel;
  }

  get lookOnly(): boolean {
    return this.#current.lookOnly;
  }

  get running(): boolean {
    return this.#current.running;
  }

  get spec(): TargetSpec | null {
    return this.#current.spec;
  }

  get options(): StartOptions | null {
    return this.#current.options;
  }

  get process(): ProcessInfo | null {
    return this.#current.process;
  }

  get thread(): number {
    return this.#current.thread;
  }

  set thread(index: number) {
    this.#current.thread = index;
  }

  get frame(): number {
    return this.#current.frame;
  }

  set frame(level: number) {
    this.#current.frame = level;
  }

  get eventThread(): number {
    return this.#current.eventThread;
  }

  get threads(): readonly ThreadInfo[] {
    return this.#current.threads;
  }

  get pending(): PendingSignal | null {
    return this.#current.pending;
  }

  get lastEvent(): System['lastEvent'] {
    return this.#current.lastEvent;
  }

  set lastEvent(event: System['lastEvent']) {
    this.#current.lastEvent = event;
  }

  get dataCursor(): bigint | null {
    return this.#current.dataCursor;
  }

  set dataCursor(address: bigint | null) {
    this.#current.dataCursor = address;
  }

  get codeCursor(): bigint | null {
    return this.#current.codeCursor;
  }

  set codeCursor(address: bigint | null) {
    this.#current.codeCursor = address;
  }

  get breakpoints(): BreakpointTable {
    return this.#current.breakpoints;
  }

  set threadsStale(stale: boolean) {
    this.#current.threadsStale = stale;
  }

  get context(): Context {
    return { thread: this.thread, frame: this.frame };
  }

  /** Whose registers count. */
  get registerContext(): Context {
    return { thread: this.thread, frame: this.#current.registerFrame };
  }

  get pointerSize(): 4 | 8 {
    return this.#current.pointerSize;
  }

  get syntax(): Syntax {
    return this.#current.syntax;
  }

  get isArm64(): boolean {
    return this.#current.isArm64;
  }

  get isX64(): boolean {
    return this.#current.isX64;
  }

  /** What commands look at; see {@link System.view}. */
  get target(): Backend {
    return this.#current.view;
  }

  get threadInfo(): ThreadInfo | null {
    return this.threads.find((thread) => thread.index === this.thread) ?? null;
  }

  modules(): Promise<readonly ModuleInfo[]> {
    return this.#current.modules();
  }

  forgetModules(): void {
    this.#current.forgetModules();
  }

  forgetCode(): void {
    this.#current.forgetCode();
  }

  get code(): CodeCache {
    return this.#current.code;
  }

  refreshThreads(): Promise<readonly ThreadInfo[]> {
    return this.#current.refreshThreads();
  }
}

/** Of the newest core file: `$CurrentDumpFile`, its name, and `$CurrentDumpPath`, its folder. */
function coreAlias(name: string, systems: readonly System[]): string | null {
  if (!/^\$CurrentDump(File|Path)$/.test(name)) return null;
  const path = systems.flatMap(({ spec }) => (spec?.kind === 'core' ? [spec.core] : [])).at(-1);
  if (path === undefined) return null;
  const cut = path.lastIndexOf('/');
  return name.endsWith('File') ? path.slice(cut + 1) : path.slice(0, Math.max(0, cut));
}
