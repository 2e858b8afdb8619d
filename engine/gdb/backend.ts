import type { Backend, SymbolFetch } from '../backend/backend.ts';
import type {
  AttachOptions,
  BackendEvent,
  BreakpointInfo,
  BreakpointSpec,
  Capabilities,
  CodeRange,
  Context,
  CoreOptions,
  EventStops,
  Frame,
  Instruction,
  LaunchOptions,
  MemoryBlock,
  MemoryPiece,
  MemoryRegion,
  ModuleInfo,
  OpenNodes,
  PlacedVariable,
  ProcessInfo,
  Resume,
  SignalDisposition,
  SourceLine,
  StackDetails,
  StackStart,
  StepHow,
  Stop,
  SymbolHit,
  SymbolInfo,
  SymbolSearch,
  ThreadInfo,
  TreeNode,
  TreeReading,
  TypedValue,
  TypeInfo,
  TypeName,
  Variable,
} from '../backend/types.ts';
import { engineErrors } from '../errors.ts';
import { type CoreNotes, readElfHeader } from '../machine/elf.ts';
import { GdbCore, type GdbOptions } from './core.ts';
import { recordFar } from './far-recording.ts';
import { GdbKernel } from './kernel.ts';
import { KnownMemory } from './known-memory.ts';
import { mapMemory, unmapMemory } from './mapping.ts';
import { disassemble, disassembleBefore, readMemory, writeMemory } from './memory.ts';
import { quote, stubWord } from './mi/quote.ts';
import { fromHex } from './parts.ts';
import { type Recording, stepRecording } from './recording.ts';
import { coreRegions, type MappingRow, parseMaps, withNames } from './regions.ts';
import { readSource } from './source-file.ts';
import { SymbolLoader } from './symbols/load.ts';
import {
  describeResult,
  describeValue,
  filesOf,
  findSymbols,
  findType,
  findTypes,
  readVariables,
  readVariablesAt,
  streamSymbols,
} from './symbols/queries.ts';
import { expressionTrees, type LocalTrees, localTrees } from './symbols/trees.ts';
import { attach, launch, openCore } from './target.ts';

const X86_DEBUG_REGISTERS = 4;

/** A GDB of our own, ready for a target. Rejects with GDB_MISSING where there is none. */
export async function createGdbBackend(options: GdbOptions = {}): Promise<GdbBackend> {
  return new GdbBackend(await GdbCore.open(options));
}

/**
 * GDB as the engine. GDB runs its target synchronously, which makes stepping fast: while the target runs GDB
 * answers nothing, and SIGINT to GDB breaks in.
 */
export class GdbBackend implements Backend {
  readonly #core: GdbCore;
  readonly kernel: GdbKernel;
  #notes: CoreNotes | null = null;
  #coreFile: string | null = null;
  readonly #known: KnownMemory;
  readonly #symbols: SymbolLoader;
  #hasLines = true;
  #program = '';
  #args: readonly string[] = [];
  #disposed: Promise<void> | null = null;

  constructor(core: GdbCore) {
    this.#core = core;
    this.#symbols = new SymbolLoader(core, core.modules, core.environment);
    this.#known = new KnownMemory(
      (address, length) => this.#readMemory(address, length),
      () => core.connection.changes,
    );
    this.kernel = new GdbKernel(
      () => core,
      (command) => core.capture(command),
      core.modules,
    );
  }

  get capabilities(): Capabilities {
    const { helper, kind } = this.#core;
    const { terminal } = this.#core.link;
    const run = kind === 'core' ? 'a core file cannot be resumed' : true;
    return {
      python: helper.state,
      run,
      hardwareBreakpoints: run,
      ...(/^(?:x86-64|i[3-6]86)/.test(this.architecture) ? { hardwareSlots: X86_DEBUG_REGISTERS } : {}),
      input: typeof terminal === 'string' ? terminal : run,
    };
  }

  get version(): string {
    return this.#core.version;
  }

  get architecture(): string {
    return this.#core.architecture;
  }

  /** GDB's own process. */
  get gdbPid(): number {
    return this.#core.connection.pid;
  }

  onEvent(listener: (event: BackendEvent) => void): () => void {
    return this.#core.onEvent(listener);
  }

  async launch(options: LaunchOptions): Promise<Stop> {
    const core = this.#core;
    await this.#leaveOld();
    core.kind = 'launched';
    try {
      const stop = await launch(core, core.runner, options, core.link);
      this.#program = (await core.link.facts(core.pid)).executable || options.program;
      this.#args = options.args;
      if (stop.thread !== null) {
        await this.#learnTarget();
        await core.breakpoints.restore();
      }
      core.link.told();
      return stop;
    } catch (error) {
      core.kind = 'none';
      throw error;
    }
  }

  async attach(options: AttachOptions): Promise<Stop> {
    const core = this.#core;
    await this.#leaveOld();
    core.kind = 'attached';
    try {
      await attach(core, options, core.link);
    } catch (error) {
      core.kind = 'none';
      core.forget();
      throw error;
    }
    core.pid = options.pid;
    return this.#arrived();
  }

  async openCore(options: CoreOptions): Promise<Stop> {
    const core = this.#core;
    await this.#leaveOld();
    await core.link.findLocally(true);
    const { stop, notes, program } = await openCore(core, options);
    core.kind = 'core';
    core.pid = 0;
    this.#coreFile = options.core;
    this.#notes = notes;
    this.#program = program ?? notes?.command ?? '';
    this.#args = notes ? notes.args.split(' ').slice(1) : [];
    await this.threads();
    await this.#learnTarget();
    return stop;
  }

  async takeStubProcess(image?: string): Promise<Stop> {
    const core = this.#core;
    await this.#leaveOld();
    core.kind = 'attached';
    try {
      await core.link.takeProcess(image ?? null);
    } catch (error) {
      core.kind = 'none';
      core.forget();
      throw error;
    }
    const stop = await this.#arrived();
    this.#program ||= image ?? '';
    return stop;
  }

  /** At a process that was there before. */
  async #arrived(): Promise<Stop> {
    const core = this.#core;
    await core.link.findImages();
    const { executable, args } = await core.link.facts(core.pid);
    this.#program = executable;
    this.#args = args;
    await this.threads();
    await this.#learnTarget();
    await core.breakpoints.restore();
    core.link.told();
    return { reason: 'initial', thread: 0, breakpoints: [] };
  }

  async detach(signal: 'pass' | 'handled' = 'pass'): Promise<void> {
    this.#needTarget();
    const { runner } = this.#core;
    const handled = signal === 'handled' && runner.signal !== null ? [runner.signal] : [];
    if (this.#core.kind === 'core') await this.#core.console('detach');
    else await this.#core.link.detach([...runner.ownSignals, ...handled]);
    const { kind, link } = this.#core;
    if (kind === 'launched' && typeof link.terminal !== 'string') link.terminal.leaveToTarget();
    this.#leave();
  }

  async kill(): Promise<void> {
    this.#needTarget();
    await this.#core.console(this.#core.kind === 'core' ? 'detach' : 'kill');
    this.#leave();
  }

  async resume(how: Resume): Promise<Stop> {
    this.#needRunnable();
    this.#core.emit({ type: 'running' });
    const stop = await this.#core.runner.resume(how);
    if (stop.reason === 'exec') await this.#newProgram(stop.event?.path ?? '');
    return stop;
  }

  /** Another program runs in the same process. */
  async #newProgram(path: string): Promise<void> {
    const core = this.#core;
    core.modules.clear();
    const { executable, args } = await core.link.facts(core.pid);
    this.#program = executable || path;
    this.#args = args;
    await this.threads();
  }

  async interrupt(): Promise<void> {
    const { runner, connection, link } = this.#core;
    runner.interrupt();
    if (!runner.running && link.looksItself) connection.cancel();
  }

  async stepRecording(
    thread: number,
    count: number,
    registers: readonly string[],
    how?: StepHow,
  ): Promise<Recording> {
    this.#needRunnable();
    return (
      (await recordFar(this.#core, thread, count, registers, how)) ??
      stepRecording(this.#core, this.#core.runner, thread, count, registers, how)
    );
  }

  async signalDisposition(signal: string): Promise<SignalDisposition> {
    const { kind, link, pid } = this.#core;
    return kind === 'launched' || kind === 'attached' ? link.disposition(pid, signal) : 'unknown';
  }

  async setEventStops(stops: EventStops): Promise<void> {
    this.#needTarget();
    await this.#core.link.changeBreakpoints(() => this.#core.events.set(stops));
  }

  async process(): Promise<ProcessInfo | null> {
    if (this.#core.kind === 'none') return null;
    const pid = this.#core.pid || this.#notes?.pid || 0;
    return { pid, executable: this.#program, args: this.#args };
  }

  async threads(): Promise<readonly ThreadInfo[]> {
    this.#needTarget();
    const rows = await this.#core.helper.call<[number, number, string, boolean][]>('threads');
    const all = rows.map(([gdb, tid, name, running]) => ({
      index: this.#core.threads.index(String(gdb)),
      tid,
      name,
      running,
    }));
    return all.sort((a, b) => a.index - b.index);
  }

  async threadPointers(): Promise<ReadonlyMap<number, bigint>> {
    this.#needTarget();
    await this.#core.link.needThreadStorage(null);
    const rows = await this.#core.helper.call<[number, string][]>('thread_pointers');
    return new Map(rows.map(([gdb, value]) => [this.#core.threads.index(String(gdb)), fromHex(value)]));
  }

  async stackPointers(): Promise<ReadonlyMap<number, bigint>> {
    this.#needTarget();
    const rows = await this.#core.helper.call<[number, string][]>('stack_pointers');
    return new Map(rows.map(([gdb, value]) => [this.#core.threads.index(String(gdb)), fromHex(value)]));
  }

  async frames(thread: number, limit: number): Promise<readonly Frame[]> {
    this.#needTarget();
    return this.#withLines([await this.#core.stacks.frames(thread, limit)])[0] ?? [];
  }

  async stacks(
    threads: readonly number[],
    limit: number,
    details: StackDetails = {},
    start: StackStart | null = null,
  ): Promise<readonly (readonly Frame[])[]> {
    this.#needTarget();
    return this.#withLines(await this.#core.stacks.read(threads, limit, details, start));
  }

  #withLines(stacks: readonly (readonly Frame[])[]): readonly (readonly Frame[])[] {
    if (this.#hasLines) return stacks;
    return stacks.map((frames) => frames.map((frame) => ({ ...frame, source: null })));
  }

  async registers(context: Context, names: readonly string[]): Promise<ReadonlyMap<string, bigint>> {
    this.#needTarget();
    return this.#core.registers.read(this.#context(context), names);
  }

  async registersOfThreads(
    names: readonly string[],
  ): Promise<ReadonlyMap<number, ReadonlyMap<string, bigint>>> {
    this.#needTarget();
    const rows = await this.#core.helper.call<[number, string][]>('registers_of_threads', { names });
    return new Map(
      rows.map(([gdb, words]) => {
        const values = words.split(' ').map((word, at) => [names[at] ?? '', word] as const);
        const known = values.filter(([, word]) => /^[0-9a-f]+$/.test(word));
        return [
          this.#core.threads.index(String(gdb)),
          new Map(known.map(([name, word]) => [name, fromHex(word)])),
        ];
      }),
    );
  }

  async writeRegister(context: Context, name: string, value: bigint): Promise<void> {
    this.#needChangeable('its registers are as they were');
    await this.#core.helper.call('write_register', {
      ...this.#context(context),
      name,
      value: value.toString(),
    });
  }

  async registerNames(): Promise<readonly string[]> {
    this.#needTarget();
    return this.#core.registers.names();
  }

  async readMemory(address: bigint, length: number): Promise<MemoryBlock> {
    this.#needTarget();
    const chosen = await this.kernel.readChosen(address, length);
    if (chosen !== null) return chosen;
    const { kind, link } = this.#core;
    // What reads through a stub are kept between stops stands before the wire (stub/rsp).
    if (kind === 'core' || link.killsAtEnd) return this.#known.read(address, length);
    return this.#readMemory(address, length);
  }

  #readMemory(address: bigint, length: number): Promise<MemoryBlock> {
    const { kind, link } = this.#core;
    const copy = async (from: bigint, size: number) => (kind === 'core' ? null : link.copyMemory(from, size));
    return readMemory(this.#core, address, length, copy);
  }

  async readEach(pieces: readonly MemoryPiece[]): Promise<readonly (Uint8Array | null)[]> {
    this.#needTarget();
    const { kind, link, helper } = this.#core;
    const missing = new Map(pieces.map((piece, index) => [index, piece]));
    const found = new Array<Uint8Array | null>(pieces.length).fill(null);
    if (kind !== 'core' && !link.killsAtEnd)
      await Promise.all(
        pieces.map(async ({ address, length }, index) => {
          const bytes = await link.copyMemory(address, length);
          if (bytes !== null) missing.delete(index);
          found[index] = bytes;
        }),
      );
    if (missing.size === 0) return found;
    const ranges = [...missing.values()].map(({ address, length }) => [address.toString(16), length]);
    const rest = await helper.call<(string | null)[]>('read_each', { ranges });
    for (const [at, index] of [...missing.keys()].entries()) {
      const digits = rest[at] ?? null;
      found[index] = digits === null ? null : new Uint8Array(Buffer.from(digits, 'hex'));
    }
    return found;
  }

  async regions(): Promise<readonly MemoryRegion[]> {
    this.#needTarget();
    const { kind, link, pid } = this.#core;
    if (this.#coreFile !== null) {
      const header = readElfHeader(this.#coreFile);
      const rows = await this.#core.helper.call<MappingRow[]>('mappings');
      if (!header) return [];
      return withNames(coreRegions(this.#coreFile, header, rows), await this.auxv(), this.#program);
    }
    if (kind === 'core' || pid === 0)
      throw engineErrors.unsupported('The list of what is mapped', 'this target is no process');
    return parseMaps(await link.maps(pid));
  }

  async writeMemory(address: bigint, bytes: Uint8Array): Promise<void> {
    this.#needChangeable('its memory is as it was');
    if (!(await this.kernel.writeChosen(address, bytes))) await writeMemory(this.#core, address, bytes);
  }

  async mapMemory(base: bigint, size: bigint, exact: boolean): Promise<bigint> {
    this.#needRunnable();
    return mapMemory(this.#core, this.#core.modules, base, size, exact);
  }

  async unmapMemory(base: bigint, size: bigint, keeps: boolean): Promise<void> {
    this.#needRunnable();
    await unmapMemory(this.#core, this.#core.modules, base, size, keeps);
  }

  async disassemble(address: bigint, count: number): Promise<readonly Instruction[]> {
    this.#needTarget();
    return disassemble(this.#core, address, count);
  }

  async disassembleBefore(address: bigint, count: number): Promise<readonly Instruction[]> {
    this.#needTarget();
    const symbol = await this.#core.modules.symbolize(address - 1n);
    return disassembleBefore(this.#core, address, count, symbol?.address ?? null);
  }

  async auxv(): Promise<ReadonlyMap<number, bigint>> {
    this.#needTarget();
    const rows = await this.#core.helper.call<[number, string][]>('auxv');
    return new Map(rows.map(([number, value]) => [number, fromHex(value)]));
  }

  async variablesOfType(types: readonly string[], word: string) {
    this.#needTarget();
    const rows = await this.#core.helper.call<[string, string][]>('variables_of_type', {
      types,
      word,
    });
    return rows.map(([name, address]) => ({ name, address: fromHex(address) }));
  }

  async linkMaps(first: bigint) {
    this.#needTarget();
    const rows = await this.#core.helper.call<[string, string, string, string][]>('link_maps', {
      address: first.toString(16),
    });
    return rows.map(([address, bias, , dynamic]) => ({
      address: fromHex(address),
      bias: fromHex(bias),
      dynamic: fromHex(dynamic),
    }));
  }

  async stringArray(address: bigint, limit: number): Promise<readonly string[]> {
    this.#needTarget();
    return this.#core.helper.call<string[]>('string_array', { address: address.toString(16), limit });
  }

  async demangle(names: readonly string[]): Promise<readonly string[]> {
    const plain = names.filter((name) => /^_[\w.$]+$/.test(name));
    const found =
      plain.length === 0 ? [] : await this.#core.helper.call<string[]>('demangle', { names: plain });
    const by = new Map(plain.map((name, index) => [name, found[index] ?? name]));
    return names.map((name) => by.get(name) ?? name);
  }

  async syscallNames(numbers: readonly number[]): Promise<readonly (string | null)[]> {
    this.#needTarget();
    return this.#core.helper.call<(string | null)[]>('syscall_names', { numbers });
  }

  async functionRanges(address: bigint): Promise<readonly CodeRange[]> {
    this.#needTarget();
    const parameters = { address: address.toString(16) };
    const rows = await this.#core.helper.call<[string, string][]>('function_ranges', parameters);
    return rows.map(([start, end]) => ({ start: fromHex(start), end: fromHex(end) }));
  }

  async modules(): Promise<readonly ModuleInfo[]> {
    if (this.#core.kind === 'none') return [];
    return (await this.#core.modules.list()).map((module) => module.info);
  }

  async symbolize(addresses: readonly bigint[]): Promise<readonly (SymbolHit | null)[]> {
    this.#needTarget();
    const hits: (SymbolHit | null)[] = [];
    for (const address of addresses) hits.push(await this.#core.modules.symbolize(address));
    return hits;
  }

  async symbolAfter(address: bigint): Promise<SymbolHit | null> {
    this.#needTarget();
    return this.#core.modules.symbolAfter(address);
  }

  async lines(addresses: readonly bigint[]): Promise<readonly (SourceLine | null)[]> {
    this.#needTarget();
    if (!this.#hasLines) return addresses.map(() => null);
    const parameters = { addresses: addresses.map((address) => address.toString(16)) };
    const rows = await this.#core.helper.call<([string, number, string] | null)[]>('lines', parameters);
    return rows.map((row) => (row ? { file: row[0], line: row[1], start: fromHex(row[2]) } : null));
  }

  async sourceText(file: string, line: number): Promise<string | null> {
    this.#needTarget();
    return this.#core.helper.call<string | null>('source_text', { file, line });
  }

  async sourceFile(file: string): Promise<string | null> {
    return readSource(file);
  }

  async addressesOfLine(file: string, line: number): Promise<readonly bigint[]> {
    this.#needTarget();
    return (await this.#core.helper.call<string[]>('addresses_of_line', { file, line })).map(fromHex);
  }

  async resolveSymbol(module: string | null, name: string, context: Context | null): Promise<bigint | null> {
    this.#needTarget();
    if (module === null && context !== null) {
      const parameters = { ...this.#context(context), name };
      const local = await this.#core.helper.call<string | null>('local_address', parameters);
      if (local !== null) return fromHex(local);
    }
    return this.#core.modules.addressOf(module, name);
  }

  async findSymbols(
    modulePattern: string,
    namePattern: string,
    limit: number,
  ): Promise<readonly SymbolInfo[]> {
    this.#needTarget();
    return findSymbols(this.#core, this.#core.modules, modulePattern, namePattern, limit);
  }

  async *symbols(
    modulePattern: string,
    namePattern: string,
    bare = false,
  ): AsyncGenerator<readonly SymbolInfo[]> {
    this.#needTarget();
    yield* streamSymbols(this.#core, this.#core.modules, modulePattern, namePattern, bare);
  }

  async loadSymbols(module: ModuleInfo, fetch: SymbolFetch | null): Promise<SymbolSearch> {
    this.#needTarget();
    return this.#symbols.load(module, fetch);
  }

  setLineInformation(on: boolean): void {
    this.#hasLines = on;
  }

  async sourceLines(file: string, first: number, count: number): Promise<readonly string[] | null> {
    this.#needTarget();
    return this.#core.helper.call<string[] | null>('source_lines', { file, first, count });
  }

  async setSourceMaps(maps: readonly (readonly [string, string])[]): Promise<void> {
    await this.#core.console('unset substitute-path');
    for (const [from, to] of maps)
      await this.#core.console(`set substitute-path ${stubWord(from)} ${stubWord(to)}`);
  }

  async locals(context: Context): Promise<readonly Variable[]> {
    this.#needTarget();
    return readVariables(this.#core, this.#core.modules, this.#context(context));
  }

  async localTrees(context: Context, open: OpenNodes): Promise<LocalTrees> {
    this.#needTarget();
    return localTrees(this.#core, this.#core.modules, this.#context(context), open);
  }

  async expressionTrees(
    context: Context,
    expressions: readonly (readonly [string, string])[],
    open: OpenNodes,
    reading: TreeReading = {},
  ): Promise<readonly TreeNode[]> {
    this.#needTarget();
    await this.#core.link.needThreadStorage(expressions.map(([, text]) => text).join(' '));
    return expressionTrees(
      this.#core,
      this.#core.modules,
      this.#context(context),
      expressions,
      open,
      reading,
    );
  }

  async variablesAt(address: bigint): Promise<readonly PlacedVariable[] | null> {
    this.#needTarget();
    return readVariablesAt(this.#core, address);
  }

  async findType(module: string | null, name: string): Promise<TypeInfo | null> {
    this.#needTarget();
    return findType(this.#core, this.#core.modules, module, name);
  }

  findTypes(modulePattern: string, namePattern: string): AsyncIterable<readonly TypeName[]> {
    this.#needTarget();
    return findTypes(this.#core, this.#core.modules, modulePattern, namePattern);
  }

  async layout(type: string, depth: number, module: string | null = null): Promise<TypedValue> {
    this.#needTarget();
    const files = (await filesOf(this.#core.modules, module)) ?? [];
    return describeValue(this.#core, this.#core.modules, 'type_layout', { type, depth, files });
  }

  async readValue(
    type: string,
    address: bigint,
    depth: number,
    module: string | null = null,
  ): Promise<TypedValue> {
    this.#needTarget();
    const files = (await filesOf(this.#core.modules, module)) ?? [];
    const parameters = { type, address: address.toString(16), depth, files };
    return describeValue(this.#core, this.#core.modules, 'read_value', parameters);
  }

  async evaluate(expression: string, context: Context, depth: number): Promise<TypedValue> {
    this.#needTarget();
    await this.#core.link.needThreadStorage(expression);
    const parameters = { expression, ...this.#context(context), depth };
    return describeValue(this.#core, this.#core.modules, 'evaluate', parameters);
  }

  async call(
    expression: string,
    context: Context,
    depth: number,
    signal: AbortSignal,
  ): Promise<TypedValue | null> {
    this.#needRunnable();
    const core = this.#core;
    const parameters = { expression, ...this.#context(context), depth };
    const interrupt = () => core.connection.interrupt();
    signal.addEventListener('abort', interrupt);
    try {
      return await describeResult(core, core.modules, 'call_expression', parameters);
    } finally {
      signal.removeEventListener('abort', interrupt);
    }
  }

  async insertBreakpoint(spec: BreakpointSpec): Promise<BreakpointInfo> {
    this.#needTarget();
    if (this.#core.kind === 'core') throw engineErrors.coreNoBreakpoints();
    return this.#core.breakpoints.insert(spec);
  }

  async deleteBreakpoint(number: number): Promise<void> {
    this.#needStopped();
    await this.#core.breakpoints.delete(number);
  }

  async enableBreakpoint(number: number, enabled: boolean): Promise<void> {
    this.#needStopped();
    await this.#core.breakpoints.enable(number, enabled);
  }

  breakpoints(): readonly BreakpointInfo[] {
    return this.#core.breakpoints.all();
  }

  cancelTransfer(id: number): void {
    this.#core.link.cancelTransfer(id);
  }

  writeInput(text: string): void {
    const { terminal } = this.#core.link;
    if (typeof terminal === 'string') throw engineErrors.unsupported('Input to the target', terminal);
    terminal.write(text);
  }

  /** The front that shows the target's output is behind: the target's writes block until it has caught up. */
  pauseOutput(): void {
    const { terminal } = this.#core.link;
    if (typeof terminal !== 'string') terminal.pause();
  }

  resumeOutput(): void {
    const { terminal } = this.#core.link;
    if (typeof terminal !== 'string') terminal.resume();
  }

  async setSymbolPath(path: readonly string[]): Promise<void> {
    if (this.#core.runner.running) throw engineErrors.targetRunning();
    await this.#core.link.setSymbolPath(path);
    this.#symbols.setPath(path);
    this.#core.modules.clear();
  }

  async setSourcePath(path: readonly string[]): Promise<void> {
    await this.#core.send(`-environment-directory -r ${path.map(quote).join(' ')}`);
  }

  async raw(command: string): Promise<string> {
    const { link, runner } = this.#core;
    if (runner.running) throw engineErrors.targetRunning();
    await link.allowFiles(true);
    let output: string;
    try {
      output = await this.#core.capture(command, (line) => runner.any(line));
    } finally {
      await link.allowFiles(false).catch(() => {});
    }
    // It may have done anything: loaded symbols, switched threads.
    this.#core.modules.clear();
    return output;
  }

  dispose(): Promise<void> {
    this.#disposed ??= Promise.all([this.#core.dispose(), this.#symbols.dispose()]).then(() => undefined);
    return this.#disposed;
  }

  #context(context: Context): { thread: number; frame: number } {
    return { thread: this.#core.gdbThread(context.thread), frame: context.frame };
  }

  async #learnTarget(): Promise<void> {
    if (this.#core.helper.state !== true) return;
    const { architecture } = await this.#core.helper.call<{ architecture: string }>('register_names');
    this.#core.architecture = architecture.replace(/^i386:/, '').replace(/:intel$/, '');
  }

  #needStopped(): void {
    if (this.#core.runner.running) throw engineErrors.targetRunning();
  }

  #needTarget(): void {
    this.#needStopped();
    if (this.#core.kind === 'none') throw engineErrors.noTarget();
  }

  #needRunnable(): void {
    this.#needTarget();
    if (this.#core.kind === 'core') throw engineErrors.coreCannotRun();
  }

  #needChangeable(what: string): void {
    this.#needTarget();
    if (this.#core.kind === 'core') throw engineErrors.coreCannotChange(what);
  }

  /** A target that is still there gives way to the next one: a launched one ends, an attached one goes on. */
  async #leaveOld(): Promise<void> {
    this.#needStopped();
    if (this.#core.kind === 'launched') await this.kill();
    else if (this.#core.kind !== 'none') await this.detach();
    await this.#core.breakpoints.withdraw();
    this.#coreFile = null;
    this.#core.forget();
  }

  #leave(): void {
    this.#core.kind = 'none';
    this.#core.forget();
  }
}
