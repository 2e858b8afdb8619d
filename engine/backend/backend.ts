import type { Stub } from '../stub/stub.ts';
import type {
  AttachOptions,
  BackendEvent,
  BreakpointInfo,
  BreakpointSpec,
  Capabilities,
  ChildAccess,
  CodeRange,
  Context,
  CoreOptions,
  EventStops,
  Frame,
  Instruction,
  KernelAccess,
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
  StepRecord,
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
} from './types.ts';

/**
 * Makes one for a target behind a stub, or of this machine (null). `file`: of what is to be debugged, where there is one on this
 * machine, for its architecture.
 */
export type CreateBackend = (stub: Stub | null, file: string | null) => Promise<Backend>;

/** Of a file that a server is asked for. */
export interface SymbolFetch {
  readonly signal: AbortSignal;
  /** Bytes so far, of how many. */
  progress(done: number, total: number | null): void;
  /** Where it comes from. */
  from(place: string): void;
}

/**
 * What drives a target: GDB now, others later. The session owns exactly one and calls it from its queue,
 * one call at a time.
 *
 * Safe while the target runs: {@link interrupt}, {@link writeInput}, {@link cancelTransfer}, {@link capabilities}, {@link dispose},
 * {@link breakpoints} (answered from a cache). Everything else waits for a stop or fails with
 * `TARGET_RUNNING`; the back end never guesses.
 *
 * Every method rejects with a HawserError (`engineErrors`), never with another; "this target or this GDB
 * cannot" is `UNSUPPORTED` with the reason. Several items are asked for in one call where a caller may
 * have several, so that nothing costs one round trip for each.
 */
export interface Backend {
  readonly capabilities: Capabilities;
  /** `GNU gdb (Debian 13.1-3) 13.1`. */
  readonly version: string;
  /** `x86-64`, `aarch64`, …; '' before there is a target. */
  readonly architecture: string;
  onEvent(listener: (event: BackendEvent) => void): () => void;

  /** Starts a program and stops before its first instruction in user space (WinDbg's initial break). */
  launch(options: LaunchOptions): Promise<Stop>;
  attach(options: AttachOptions): Promise<Stop>;
  openCore(options: CoreOptions): Promise<Stop>;
  /**
   * The process that a bare stub has already, as it stands. `image`: path of its program on this machine, for a stub that
   * does not tell it (valgrind, lldb-server). Rejects PROGRAM_NOT_FOUND where there is no such file.
   */
  takeStubProcess(image?: string): Promise<Stop>;
  /** Leaves the target running on its own. `signal`: what becomes of the one that it stands with (`pass` by default). */
  detach(signal?: 'pass' | 'handled'): Promise<void>;
  kill(): Promise<void>;

  /** Resumes and answers when the target has stopped again or is gone. */
  resume(how: Resume): Promise<Stop>;
  /**
   * Asks a running target to stop; the stop is answered by the `resume` under way. Of one that stands, questions that are not answered
   * yet are given up: they reject INTERRUPTED.
   */
  interrupt(): Promise<void>;
  /**
   * Steps up to `count` instructions in one go, recording registers after every step. Stops early at
   * breakpoints, signals, exit or an interrupt, or at a goal (`reached`); `stop` says which, `steps` has what was done, unless
   * no registers were asked for.
   */
  stepRecording(
    thread: number,
    count: number,
    registers: readonly string[],
    how?: StepHow,
  ): Promise<{ readonly steps: readonly StepRecord[]; readonly stop: Stop; readonly reached: boolean }>;

  /**
   * What the target does with a signal (`SIGSEGV`) when it is delivered; `unknown` where that cannot be
   * found out. Left out by a back end that never can.
   */
  signalDisposition?(signal: string): Promise<SignalDisposition>;

  /** Left out by a back end that stops for nothing else. @throws UNSUPPORTED for what this target cannot tell */
  setEventStops?(stops: EventStops): Promise<void>;

  /** How processes that the target makes are kept for a back end of their own, or why they cannot be. */
  readonly children: ChildAccess | string;

  /** Of a machine's stub; left out by a back end that has none. */
  readonly kernel?: KernelAccess;

  process(): Promise<ProcessInfo | null>;
  threads(): Promise<readonly ThreadInfo[]>;
  /** Where each thread's local storage begins (x86-64's fs base), by thread index; threads without are left out. */
  threadPointers(): Promise<ReadonlyMap<number, bigint>>;
  /** Innermost first, at most `limit`. Asked for again before the target has changed it costs nothing. */
  frames(thread: number, limit: number): Promise<readonly Frame[]>;
  /**
   * Those of several threads, in their order, in one round trip; a thread that has none has an empty list. `start`: where the
   * stack of a single thread begins.
   */
  stacks(
    threads: readonly number[],
    limit: number,
    details?: StackDetails,
    start?: StackStart,
  ): Promise<readonly (readonly Frame[])[]>;
  /** Where each thread has its stack pointer, by thread index. */
  stackPointers(): Promise<ReadonlyMap<number, bigint>>;

  /** Names as GDB's (`rax`, `eflags`, `fs_base`); a register that cannot be had is left out of the map. */
  registers(context: Context, names: readonly string[]): Promise<ReadonlyMap<string, bigint>>;
  /** The same registers of all threads' innermost frames, by thread index, in one round trip. */
  registersOfThreads(names: readonly string[]): Promise<ReadonlyMap<number, ReadonlyMap<string, bigint>>>;
  writeRegister(context: Context, name: string, value: bigint): Promise<void>;
  /** All register names the target has, in GDB's order. */
  registerNames(): Promise<readonly string[]>;

  /** Never fails on unreadable memory: `readable` says which bytes are. At most 64 MiB a call. */
  readMemory(address: bigint, length: number): Promise<MemoryBlock>;
  /** Small pieces from many places, in one round trip; null for one that cannot be read whole. */
  readEach(pieces: readonly MemoryPiece[]): Promise<readonly (Uint8Array | null)[]>;
  writeMemory(address: bigint, bytes: Uint8Array): Promise<void>;
  /** What is mapped, by address. @throws UNSUPPORTED where the target does not tell */
  regions(): Promise<readonly MemoryRegion[]>;
  /**
   * Maps memory that can be read, written and executed, whole pages, by a call of the target's mmap; answers where. `base`: where it
   * is wished (0: anywhere), or, `exact`, has to be. @throws UNSUPPORTED, or MEMORY_MAPPING with what the target's kernel says
   */
  mapMemory(base: bigint, size: bigint, exact: boolean): Promise<bigint>;
  /** Gives it back; `keeps`: the addresses stay reserved. Errors as of {@link mapMemory}. */
  unmapMemory(base: bigint, size: bigint, keeps: boolean): Promise<void>;
  /** `count` instructions from `address` on; fewer when memory ends. */
  disassemble(address: bigint, count: number): Promise<readonly Instruction[]>;
  /** `count` instructions that end at `address` (WinDbg's `ub`). */
  disassembleBefore(address: bigint, count: number): Promise<readonly Instruction[]>;

  /** What the kernel told the program at its start (`AT_ENTRY`: 9), by number; empty where it is not kept. */
  auxv(): Promise<ReadonlyMap<number, bigint>>;
  /** Global and static variables of types by their names, which all have `word` in them. It reads all debug information. */
  variablesOfType(
    types: readonly string[],
    word: string,
  ): Promise<readonly { readonly name: string; readonly address: bigint }[]>;
  /** The loader's list from an entry on (`struct link_map`), in the order of loading. One round trip. */
  linkMaps(
    first: bigint,
  ): Promise<readonly { readonly address: bigint; readonly bias: bigint; readonly dynamic: bigint }[]>;
  /** The strings of C that an array of pointers leads to, up to a null pointer or what cannot be read. One round trip. */
  stringArray(address: bigint, limit: number): Promise<readonly string[]>;
  /** Names of C++ and Rust as in the source; what is none comes back as it is. */
  demangle(names: readonly string[]): Promise<readonly string[]>;
  /** Names of system calls by their numbers, on the target's architecture; null for one that is not known. */
  syscallNames(numbers: readonly number[]): Promise<readonly (string | null)[]>;
  /**
   * The ranges of the function that an address belongs to, the one with its beginning first: an optimiser may have set parts of
   * it apart. Without debug information as far as its symbol reaches. Empty: there is no function.
   */
  functionRanges(address: bigint): Promise<readonly CodeRange[]>;

  modules(): Promise<readonly ModuleInfo[]>;
  /** For each address the nearest symbol at or below in its module, or null; one round trip at most. */
  symbolize(addresses: readonly bigint[]): Promise<readonly (SymbolHit | null)[]>;
  /** Nearest symbol above, in the same module. */
  symbolAfter(address: bigint): Promise<SymbolHit | null>;
  /** For each address its source line, or null. */
  lines(addresses: readonly bigint[]): Promise<readonly (SourceLine | null)[]>;
  /** A file of source code by its name in the debug information; null: it cannot be read. At most 8 MiB. */
  sourceFile(file: string): Promise<string | null>;
  /** Source files that debug information names, with `part` in their path, in order; at most `limit`. */
  sourceNames(part: string, limit: number): Promise<readonly string[]>;
  /** A line of source code by the file's name in the debug information; null: it cannot be read. */
  sourceText(file: string, line: number): Promise<string | null>;
  /** Address(es) of the code of a source line; partial path as in the debug information. */
  addressesOfLine(file: string, line: number): Promise<readonly bigint[]>;
  /**
   * Value of a name as WinDbg's MASM sees it: the ADDRESS of a function, of a global, of a local in the
   * context's frame. Exact case first, then without. Null: no such symbol. `module` as in ModuleInfo.name.
   */
  resolveSymbol(module: string | null, name: string, context: Context | null): Promise<bigint | null>;
  /**
   * Text of C++ for a symbol of a module, in {@link evaluate}'s terms: what GDB would take a bare name for may be another
   * module's, or a local. Null: no such symbol, or of one that cannot be told apart nothing but the address is known.
   */
  symbolExpression(module: string, name: string, context: Context): Promise<string | null>;
  /**
   * Text of C++ for a pointer to an object of a type (`node`, `struct node`), and of so many stars after it, that is not there.
   * `module` null: a type that the frame's file has and no variable hides. Null: no such type.
   */
  typePointer(module: string | null, name: string, stars: number, context: Context): Promise<string | null>;
  /** Symbols by WinDbg's wildcards (`*`, `?`, `[abc]`, `#`, `+`), case-insensitive; at most `limit`. */
  findSymbols(modulePattern: string, namePattern: string, limit: number): Promise<readonly SymbolInfo[]>;

  /**
   * The same in pieces as they are found, module by module; stops where its consumer does. `bare`: without what debug information
   * says (type and size), which takes much longer than finding them.
   */
  symbols(modulePattern: string, namePattern: string, bare?: boolean): AsyncIterable<readonly SymbolInfo[]>;
  /**
   * Looks for a module's separate debug information, in the symbol path and where GDB does, and takes it in; with `fetch` servers
   * are asked too. Modules may be others then.
   */
  loadSymbols(module: ModuleInfo, fetch: SymbolFetch | null): Promise<SymbolSearch>;
  /** Whether places in code have source lines. */
  setLineInformation(on: boolean): void;
  /** Lines of a source file from the first on, from 1, at most `count`; null: it cannot be read. */
  sourceLines(file: string, first: number, count: number): Promise<readonly string[] | null>;
  /** Paths of sources as they were compiled, and what is to be looked for in their place; in place of those before. */
  setSourceMaps(maps: readonly (readonly [from: string, to: string])[]): Promise<void>;

  locals(context: Context): Promise<readonly Variable[]>;
  /** `nodes` null: the frame's code has no debug information. `scope`: its function. */
  localTrees(
    context: Context,
    open: OpenNodes,
  ): Promise<{ readonly scope: string; readonly nodes: readonly TreeNode[] | null }>;
  /** C or C++ expressions, each under a name of its own, in the context; one that has no value has an error. */
  expressionTrees(
    context: Context,
    expressions: readonly (readonly [name: string, expression: string])[],
    open: OpenNodes,
    reading?: TreeReading,
  ): Promise<readonly TreeNode[]>;
  /** Those of the code at an address, as it is when it runs; null: nothing is known of that code. */
  variablesAt(address: bigint): Promise<readonly PlacedVariable[] | null>;
  /** A type by name (`node`, `struct node`, `node *`), fields included; null: no such type. */
  findType(module: string | null, name: string): Promise<TypeInfo | null>;
  /** Types by wildcard of their names, as they are found. */
  findTypes(modulePattern: string, namePattern: string): AsyncIterable<readonly TypeName[]>;
  /** A type as an object that is not there: its fields as deep as {@link readValue} has them, without values. */
  layout(type: string, depth: number, module?: string | null): Promise<TypedValue>;
  /**
   * The object of a type at an address, members as deep as `depth` (1: own fields, those of bases and of members
   * without a name included). Of arrays at the end of the depth the first element. `module` as in findType.
   */
  readValue(type: string, address: bigint, depth: number, module?: string | null): Promise<TypedValue>;
  /** A C or C++ expression in the context, members as deep as `depth`. */
  evaluate(expression: string, context: Context, depth: number): Promise<TypedValue>;

  /**
   * As {@link evaluate}, but functions of the target are called: the context's thread alone runs, without breakpoints. A signal, or the
   * abort, ends the call, and the target is as it was before. Null: the function returns nothing.
   */
  call(expression: string, context: Context, depth: number, signal: AbortSignal): Promise<TypedValue | null>;

  insertBreakpoint(spec: BreakpointSpec): Promise<BreakpointInfo>;
  deleteBreakpoint(number: number): Promise<void>;
  enableBreakpoint(number: number, enabled: boolean): Promise<void>;
  breakpoints(): readonly BreakpointInfo[];

  /** Gives up a transfer under way (BackendEvent `transfer`); any number is taken. */
  cancelTransfer(id: number): void;

  /** Bytes for the target's terminal, as typed. */
  writeInput(text: string): void;
  setSymbolPath(path: readonly string[]): Promise<void>;
  setSourcePath(path: readonly string[]): Promise<void>;
  /** A command for GDB itself (`.gdb`); its console output. */
  raw(command: string): Promise<string>;
  /** Ends the back end; the target is killed if launched, released if attached, unless detached before. Idempotent. */
  dispose(): Promise<void>;
}
