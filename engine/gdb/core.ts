import { readFileSync } from 'node:fs';
import type { BackendEvent } from '../backend/types.ts';
import { engineErrors } from '../errors.ts';
import { Breakpoints } from './breakpoints.ts';
import { realPath } from './checks.ts';
import { Helper } from './helper.ts';
import { MiConnection, type MiResult } from './mi/connection.ts';
import type { MiTuple } from './mi/parser.ts';
import { consoleCommand } from './mi/quote.ts';
import { address, asTuple, list, text } from './mi/values.ts';
import type { Engine } from './parts.ts';
import { Registers } from './registers.ts';
import { Runner } from './run.ts';
import { Modules } from './symbols/modules.ts';
import { Terminal } from './terminal.ts';
import { Threads } from './threads.ts';

export interface GdbOptions {
  /** GDB's program; `gdb` in the search path by default. */
  readonly gdb?: string;
  readonly cwd?: string;
  /** Environment of GDB and, through it, of the programs it starts. */
  readonly env?: NodeJS.ProcessEnv;
}

export type TargetKind = 'none' | 'launched' | 'attached' | 'core';

/** What the helper writes to GDB's console for us, not for people. */
const PRIVATE = '\x01resolved ';

/** A GDB on a loaded machine takes a second to start. */
const START_MS = 30_000;

/** A target that has not stopped by then is left to what ending GDB does to it. */
const STOP_PATIENCE_MS = 2000;

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
  readonly runner: Runner;
  readonly registers: Registers;
  readonly connection: MiConnection;
  /** What targets inherit. */
  readonly environment: NodeJS.ProcessEnv;
  readonly #listeners = new Set<(event: BackendEvent) => void>();
  terminal: Terminal | string = '';
  kind: TargetKind = 'none';
  pid = 0;
  architecture = '';
  version = '';
  /** Console output of the command under way, when it is wanted. */
  #capture: string[] | null = null;

  private constructor(connection: MiConnection, environment: NodeJS.ProcessEnv) {
    this.connection = connection;
    this.environment = environment;
    this.helper = new Helper(connection);
    this.modules = new Modules(this.helper, realPath);
    this.registers = new Registers(this, () => connection.changes);
    const engine: Engine = {
      helper: this.helper,
      send: (command) => connection.send(command),
      console: async (command) => {
        await connection.send(consoleCommand(command));
      },
      gdbThread: (index) => this.gdbThread(index),
    };
    this.breakpoints = new Breakpoints(engine, this.modules, (event) => this.emit(event));
    this.runner = new Runner({
      engine,
      threads: this.threads,
      breakpoints: this.breakpoints,
      interruptGdb: () => connection.interrupt(),
      localPid: () => this.pid,
      gone: () => this.#gone(),
      stepping: (thread) => this.registers.ahead(thread),
      settleOutput: (gone) => this.settleOutput(gone),
    });
  }

  static async open(options: GdbOptions): Promise<GdbCore> {
    let core: GdbCore | null = null;
    const listener = {
      async: (kind: string, name: string, values: MiTuple) => core?.onAsync(kind, name, values),
      stream: (kind: 'console' | 'target' | 'log', out: string) => core?.onStream(kind, out),
      died: (detail: string) => core?.onDied(detail),
    };
    // A shell starts the target, because GDB without one splits arguments at blanks; it has to be a plain one.
    const inherited = options.env ?? process.env;
    const env = { ...inherited, SHELL: '/bin/sh' };
    const gdb = options.gdb ?? 'gdb';
    const connection = await MiConnection.open(
      { gdb, env, ...(options.cwd ? { cwd: options.cwd } : {}) },
      listener,
    );
    core = new GdbCore(connection, inherited);
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
    for (const setting of SETTINGS) await this.console(setting).catch(() => {});
    await this.helper.load();
    this.terminal = await Terminal.open((out) => this.emit({ type: 'output', text: out }));
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

  /**
   * What the target wrote before its stop goes out first. The kernel hands a terminal's output on from a work
   * queue of its own, so the last words of a target that has gone are given a moment.
   */
  async settleOutput(gone: boolean): Promise<void> {
    if (typeof this.terminal === 'string') return;
    if (gone) return this.terminal.lastWords();
    await new Promise((resolve) => setImmediate(resolve));
    this.terminal.flush();
  }

  /** Nothing of an earlier target may show through. */
  forget(): void {
    this.threads.clear();
    this.modules.clear();
    this.registers.clear();
    this.runner.reset();
    this.pid = 0;
  }

  #gone(): void {
    this.kind = 'none';
    this.forget();
  }

  onAsync(kind: string, name: string, values: MiTuple): void {
    if (kind === 'exec') {
      if (name === 'stopped') this.runner.onStopped({ reason: text(values, 'reason'), values });
      return;
    }
    if (name === 'thread-created') this.#threadCreated(text(values, 'id'));
    else if (name === 'thread-exited')
      this.emit({ type: 'threadExited', thread: this.threads.index(text(values, 'id')) });
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
    if (/^warning: /.test(out)) this.emit({ type: 'message', text: out, kind: 'warning' });
  }

  onDied(detail: string): void {
    this.kind = 'none';
    this.runner.onDied(engineErrors.engineDied(detail));
    this.emit({ type: 'died', text: detail });
  }

  #private(line: string): void {
    const [number = '', at = ''] = line.trim().split(' ');
    this.breakpoints.onResolved(Number(number), BigInt(`0x${at}`));
  }

  #started(pid: number): void {
    this.threads.clear();
    this.pid = pid;
    this.modules.invalidate();
  }

  #threadCreated(id: string): void {
    this.emit({ type: 'threadCreated', thread: this.threads.index(id) });
  }

  #libraryLoaded(values: MiTuple): void {
    this.modules.invalidate();
    const path = text(values, 'host-name') || text(values, 'target-name');
    const range = asTuple(list(values, 'ranges')[0]);
    const start = address(range, 'from') ?? 0n;
    const span = this.#mappedSpan(path) ?? { start, end: address(range, 'to') ?? start };
    this.emit({ type: 'moduleLoaded', path, ...span });
  }

  #libraryUnloaded(values: MiTuple): void {
    this.modules.invalidate();
    this.emit({ type: 'moduleUnloaded', path: text(values, 'host-name') || text(values, 'target-name') });
  }

  /** GDB names the range of the code only; the mappings of a process of this machine can be read at any time. */
  #mappedSpan(path: string): { start: bigint; end: bigint } | null {
    if (this.pid === 0 || this.kind === 'core') return null;
    try {
      const real = realPath(path);
      const lines = readFileSync(`/proc/${this.pid}/maps`, 'utf8').split('\n');
      const own = lines.filter((line) => line.endsWith(` ${real}`)).map((line) => line.split(/[- ]/, 2));
      const first = own[0]?.[0];
      const last = own.at(-1)?.[1];
      return first && last ? { start: BigInt(`0x${first}`), end: BigInt(`0x${last}`) } : null;
    } catch {
      return null;
    }
  }

  /** Orderly, so that an attached process goes on unharmed: breakpoints out, no signal of ours left behind. */
  async dispose(): Promise<void> {
    await this.runner.stopWithin(STOP_PATIENCE_MS);
    if (!this.runner.running && this.kind === 'attached') await this.send('-target-detach').catch(() => {});
    await this.connection.close();
    if (typeof this.terminal !== 'string') this.terminal.dispose();
    this.helper.dispose();
  }
}
