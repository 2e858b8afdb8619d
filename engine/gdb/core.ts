import type { HawserError } from '../../transports/errors/error.ts';
import type { BackendEvent } from '../backend/types.ts';
import { engineErrors } from '../errors.ts';
import { systemDebug } from '../images/local-files.ts';
import type { ImageStore } from '../images/store.ts';
import type { Stub } from '../stub/stub.ts';
import { Breakpoints } from './breakpoints.ts';
import { GdbEventStops } from './event-stops.ts';
import { Helper } from './helper.ts';
import { IdleWork } from './idle.ts';
import type { LinkHost, TargetLink } from './link/link.ts';
import { LocalLink } from './link/local.ts';
import { StubLink } from './link/stub-link.ts';
import { MiConnection, type MiResult } from './mi/connection.ts';
import type { MiTuple } from './mi/parser.ts';
import { consoleCommand } from './mi/quote.ts';
import { address, asTuple, list, text } from './mi/values.ts';
import type { Engine } from './parts.ts';
import { gdbFor } from './program.ts';
import { realPath } from './real-path.ts';
import { Registers } from './registers.ts';
import { Runner } from './run.ts';
import { Stacks } from './stack.ts';
import { reasonOf } from './stops.ts';
import { Modules } from './symbols/modules.ts';
import { Threads } from './threads.ts';

export interface GdbOptions {
  /** GDB's program; by default the one in the search path that knows the target's architecture. */
  readonly gdb?: string;
  readonly cwd?: string;
  /** Through which targets are reached; this machine's own where left out. The back end does not close it. */
  readonly stub?: Stub | null;
  /** Where the files of a stub's targets come from; one of its own where left out. The back end does not dispose of it. */
  readonly images?: ImageStore;
  /** A file of what is to be debugged, for its architecture where the stub does not tell. */
  readonly file?: string | null;
  /** Environment of GDB and, through it, of the programs it starts. */
  readonly env?: NodeJS.ProcessEnv;
}

export type TargetKind = 'none' | 'launched' | 'attached' | 'core';

/** What the helper writes to GDB's console for us, not for people. */
const PRIVATE = '\x01';

/** A GDB on a loaded machine takes a second to start. */
const START_MS = 30_000;

/** A target that has not stopped by then is left to what ending GDB does to it. */
const STOP_PATIENCE_MS = 2000;

/** GDB has this long to tell how its target ended before the end of the stub is told in its place. */
const LOSE_MS = 1000;

const SETTINGS = [
  'set confirm off',
  'set pagination off',
  'set width 0',
  'set height 0',
  'set disassembly-flavor intel',
  'set breakpoint pending on',
  'set print frame-arguments none',
  'set print asm-demangle on',
  'set backtrace past-main on',
  'set print symbol off',
  'set debuginfod enabled off',
  'set print thread-events off',
  'set auto-load safe-path /',
  'set auto-load local-gdbinit off',
  // To look at a program must not run what its files hold.
  'set auto-load python-scripts off',
  'set auto-load gdb-scripts off',
  'set auto-load guile-scripts off',
  'set stop-on-solib-events 0',
  // GDB would keep it to itself; the program is to get its own. Break-ins are not passed on (run.ts).
  'handle SIGINT stop print pass',
];

/** GDB and the parts that share it: connection, helper, threads, modules, breakpoints, runner, terminal. */
export class GdbCore implements Engine {
  readonly threads = new Threads();
  readonly helper: Helper;
  readonly modules: Modules;
  readonly breakpoints: Breakpoints;
  readonly events: GdbEventStops;
  readonly runner: Runner;
  readonly registers: Registers;
  readonly stacks: Stacks;
  readonly connection: MiConnection;
  /** What targets inherit. */
  readonly environment: NodeJS.ProcessEnv;
  readonly #listeners = new Set<(event: BackendEvent) => void>();
  readonly engine: Engine;
  #link: TargetLink | null = null;
  kind: TargetKind = 'none';
  pid = 0;
  architecture = '';
  version = '';
  readonly #idle = new IdleWork(() => this.#isIdle());
  #explaining = false;
  /** Console output of the command under way, when it is wanted. */
  #capture: string[] | null = null;

  private constructor(connection: MiConnection, environment: NodeJS.ProcessEnv) {
    this.connection = connection;
    this.environment = environment;
    this.helper = new Helper(connection);
    this.modules = new Modules(this.helper, {
      realPath,
      mapped: async () => (this.kind === 'core' ? null : this.link.mapped()),
    });
    this.registers = new Registers(this, () => connection.changes);
    this.stacks = new Stacks(this, this.modules, () => connection.changes);
    this.engine = {
      helper: this.helper,
      send: (command) => connection.send(command),
      console: async (command) => {
        await connection.send(consoleCommand(command));
      },
      gdbThread: (index) => this.gdbThread(index),
    };
    this.breakpoints = new Breakpoints(this.engine, this.modules, {
      emit: (event) => this.emit(event),
      change: (work) => this.link.changeBreakpoints(work),
    });
    this.events = new GdbEventStops(this.engine);
    this.runner = new Runner({
      engine: this.engine,
      events: this.events,
      threads: this.threads,
      breakpoints: this.breakpoints,
      breakIn: (again) => this.link.breakIn(again),
      findsLibraries: () => !this.link.killsAtEnd && this.breakpoints.waiting,
      librariesChanged: () => this.link.findImages(),
      forceStop: () => this.link.forceStop(),
      explain: (error) => this.#explain(error),
      gone: () => this.#gone(),
      tracer: () => (this.link.looksItself ? connection.pid : 0),
      stepping: (thread) => this.registers.ahead(thread),
      settle: (gone) => this.#settle(gone),
    });
  }

  static async open(options: GdbOptions): Promise<GdbCore> {
    let core: GdbCore | null = null;
    const listener = {
      async: (kind: string, name: string, values: MiTuple) => core?.onAsync(kind, name, values),
      stream: (kind: 'console' | 'target' | 'log', out: string) => core?.onStream(kind, out),
      died: (detail: string) => core?.onDied(detail),
      endedBy: () => core?.lost ?? null,
      explain: (error: HawserError) => core?.explainNow(error) ?? null,
    };
    // A shell starts the target, because GDB without one splits arguments at blanks; it has to be a plain one.
    const inherited = options.env ?? process.env;
    const env = { ...inherited, SHELL: '/bin/sh' };
    const gdb = options.gdb ?? (await gdbFor(options.stub ?? null, options.file ?? null));
    const connection = await MiConnection.open(
      { gdb, env, ...(options.cwd ? { cwd: options.cwd } : {}) },
      listener,
    );
    core = new GdbCore(connection, inherited);
    const host = core.#linkHost();
    core.#link = options.stub
      ? await StubLink.create(options.stub, options.images ?? null, host)
      : new LocalLink(host);
    await core.#begin();
    return core;
  }

  /** Something that is no GDB, or hangs, is not waited for without end. */
  async #begin(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(engineErrors.engineDied('It did not answer after its start.')),
        START_MS,
      );
    });
    try {
      await Promise.race([this.#setUp(), late]);
    } catch (error) {
      await this.connection.close(0);
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  async #setUp(): Promise<void> {
    this.version = (await this.capture('show version')).split('\n')[0]?.trim() ?? '';
    // Older GDBs lack a setting or two; none is needed for correctness.
    for (const setting of [...SETTINGS, `set debug-file-directory ${systemDebug()}`])
      await this.console(setting).catch(() => {});
    await this.helper.load();
    await this.link.open();
  }

  onEvent(listener: (event: BackendEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  emit(event: BackendEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  async send(command: string): Promise<MiResult> {
    if (this.runner.running) throw engineErrors.targetRunning();
    return this.connection.send(command);
  }

  async console(command: string): Promise<void> {
    await this.send(consoleCommand(command));
  }

  /** What a command of GDB's own language prints. */
  async capture(command: string, run = (line: string): Promise<unknown> => this.send(line)): Promise<string> {
    if (this.runner.running) throw engineErrors.targetRunning();
    this.#capture = [];
    try {
      await run(consoleCommand(command));
      return this.#capture.join('');
    } finally {
      this.#capture = null;
    }
  }

  gdbThread(index: number): number {
    const number = this.threads.gdb(index);
    if (number === null) throw engineErrors.badArgument(`There is no thread ${index}`, 0);
    return Number(number);
  }

  /** Where targets run. */
  get link(): TargetLink {
    if (!this.#link) throw new Error('GDB is not set up yet');
    return this.#link;
  }

  #linkHost(): LinkHost {
    return {
      engine: this.engine,
      environment: this.environment,
      emit: (event) => this.emit(event),
      gdbPid: () => this.connection.pid,
      interruptGdb: () => this.connection.interrupt(),
      targetPid: () => (this.kind === 'core' ? 0 : this.pid),
      modulesChanged: (symbolsToo) => (symbolsToo ? this.modules.clear() : this.modules.invalidate()),
      whenIdle: (work) => this.#idle.add(work),
      ended: (error, whole) => this.#linkEnded(error, whole),
    };
  }

  /** With the target gone by the stub's end, whatever was asked for is told that. */
  async #explain(error: unknown): Promise<unknown> {
    const reason = (await this.link.explain(error)) ?? error;
    if (this.link.lost) this.#lose(this.link.lost);
    return reason;
  }

  /** Null: the error is what it is. */
  explainNow(error: HawserError): Promise<unknown> | null {
    if (!this.#link || this.link.killsAtEnd || this.kind === 'core' || this.#explaining) return null;
    if (this.kind === 'none') return this.lost && Promise.resolve(this.lost);
    this.#explaining = true;
    return this.#explain(error).finally(() => {
      this.#explaining = false;
    });
  }

  /** GDB, as it runs the target, tells by itself that it has none any more, or that the target ended just before. */
  #linkEnded(error: HawserError, whole: boolean): void {
    if (this.runner.running && !whole) setTimeout(() => this.#lose(error), LOSE_MS);
    else this.#lose(error);
  }

  #lose(error: HawserError): void {
    if (this.kind === 'none' || this.kind === 'core' || this.link.lost !== error) return;
    this.kind = 'none';
    this.runner.onDied(error);
    this.forget();
    this.emit({ type: 'stubEnded', error });
  }

  /**
   * What the target wrote before its stop goes out first. The kernel hands a terminal's output on from a work
   * queue of its own, so the last words of a target that has gone are given a moment.
   */
  async #settle(gone: boolean): Promise<void> {
    await this.link.settled();
    const { terminal } = this.link;
    if (typeof terminal === 'string') return;
    if (gone) return terminal.lastWords();
    await new Promise((resolve) => setImmediate(resolve));
    terminal.flush();
  }

  /** Nothing of an earlier target may show through. */
  forget(): void {
    this.threads.clear();
    this.modules.forget();
    this.registers.clear();
    this.runner.reset();
    this.#link?.forget();
    this.pid = 0;
  }

  #gone(): void {
    this.kind = 'none';
    this.forget();
  }

  #isIdle(): boolean {
    return !this.runner.running && this.kind !== 'none' && !this.connection.busy;
  }

  onAsync(kind: string, name: string, values: MiTuple): void {
    if (kind === 'exec') {
      if (name === 'stopped') this.runner.onStopped({ reason: reasonOf(values), values });
      return;
    }
    if (name === 'thread-created') this.#threadCreated(text(values, 'id'));
    else if (name === 'thread-exited') this.#threadExited(text(values, 'id'));
    else if (name === 'thread-group-started') this.#started(Number(text(values, 'pid')));
    else if (name === 'library-loaded') this.#libraryLoaded(values);
    else if (name === 'library-unloaded') this.#libraryUnloaded(values);
    else if (name.startsWith('breakpoint-')) this.breakpoints.onNotify(name, values);
  }

  onStream(kind: 'console' | 'target' | 'log', out: string): void {
    if (kind === 'console' && out.startsWith(PRIVATE)) this.#private(out.slice(PRIVATE.length));
    else if (kind === 'console') this.#capture?.push(out);
    else if (kind === 'target') this.emit({ type: 'output', text: out });
    else this.#log(out);
  }

  #log(out: string): void {
    this.runner.onSaid(out);
    // That is what those on symbols do; see python/breakpoints.py.
    if (out.startsWith('warning: Temporarily disabling breakpoints')) return;
    if (this.#link?.warns && /^warning: /.test(out))
      this.emit({ type: 'message', text: out, kind: 'warning' });
  }

  /** Why there is no way to the target any more. Some GDBs die of that. */
  get lost(): HawserError | null {
    return this.#link?.lost ?? null;
  }

  onDied(detail: string): void {
    const { lost } = this;
    if (lost && this.kind !== 'none') this.#lose(lost);
    // The way was told of: what follows from it is no news.
    if (lost) return;
    this.kind = 'none';
    this.runner.onDied(engineErrors.engineDied(detail));
    this.emit({ type: 'died', text: detail });
  }

  #private(line: string): void {
    const [what, number = '', at = ''] = line.trim().split(' ');
    if (what === 'resolved') this.breakpoints.onResolved(Number(number), BigInt(`0x${at}`));
    if (what === 'lost') this.breakpoints.onLost(Number(number));
  }

  #started(pid: number): void {
    this.threads.clear();
    this.pid = pid;
    this.modules.invalidate();
  }

  #threadCreated(id: string): void {
    this.emit({ type: 'threadCreated', thread: this.threads.index(id) });
  }

  #threadExited(id: string): void {
    const thread = this.threads.index(id);
    this.threads.lastEnded = thread;
    this.emit({ type: 'threadExited', thread });
  }

  #libraryLoaded(values: MiTuple): void {
    this.modules.invalidate();
    if (this.kind === 'core') return;
    const range = asTuple(list(values, 'ranges')[0]);
    const start = address(range, 'from') ?? 0n;
    const end = address(range, 'to') ?? start;
    this.link.libraryLoaded(text(values, 'target-name'), text(values, 'host-name'), { start, end });
  }

  #libraryUnloaded(values: MiTuple): void {
    this.modules.invalidate();
    this.link.libraryUnloaded(text(values, 'host-name') || text(values, 'target-name'));
  }

  /** Orderly, so that a process that is to go on does so unharmed: breakpoints out, no signal of ours left behind. */
  async dispose(): Promise<void> {
    this.#idle.close();
    await this.runner.stopWithin(STOP_PATIENCE_MS);
    const { kind, link } = this;
    const lives = kind === 'attached' || (kind === 'launched' && !link.killsAtEnd);
    let left = !lives;
    if (lives && !this.runner.running)
      left = await within(link.detach(this.runner.ownSignals), STOP_PATIENCE_MS);
    // Asked to end, GDB would kill what it has not let go of.
    if (left || link.killsAtEnd) await this.connection.close();
    else await this.connection.kill();
    await link.dispose();
    this.helper.dispose();
  }
}

/** Whether it has been done by then. */
async function within(work: Promise<unknown>, milliseconds: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), milliseconds);
  });
  const done = await Promise.race([
    work.then(
      () => true,
      () => false,
    ),
    late,
  ]);
  clearTimeout(timer);
  return done;
}
