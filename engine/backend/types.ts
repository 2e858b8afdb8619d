import type { HawserError } from '../../transports/errors/error.ts';
import type { Transfer } from '../protocol/session.ts';

/** What a back end answers with. Addresses and register values are bigint, unsigned. */

/** A frame of a thread: the context in which registers, locals and expressions are read. */
export interface Context {
  /** The debugger's own thread index, from 0 in order of creation (WinDbg's, not the system's id). */
  readonly thread: number;
  /** 0 is the innermost frame. */
  readonly frame: number;
}

export interface ThreadInfo {
  readonly index: number;
  /** The system's thread id; for a stub that has none, its own number. */
  readonly tid: number;
  readonly name: string;
  readonly running: boolean;
}

export interface ProcessInfo {
  readonly pid: number;
  /** Path of the executable on the target, or its name where the path is not known; '' where neither is. */
  readonly executable: string;
  readonly args: readonly string[];
}

export interface SignalInfo {
  /** `SIGSEGV`. */
  readonly name: string;
  /** Linux's number; 0 where it is not known. */
  readonly number: number;
  /** siginfo's si_code, where the target tells. */
  readonly code?: number;
  /** siginfo's si_addr for faults, and for SIGSYS the instruction behind the system call. */
  readonly address?: bigint;
  /** Who sent it, where a process did. */
  readonly sender?: { readonly pid: number; readonly uid: number };
  /** Of SIGSYS. */
  readonly syscall?: number;
}

/** caught: the program has a handler. */
export type SignalDisposition = 'default' | 'ignored' | 'caught' | 'unknown';

export type StopReason =
  /** Launched and stopped before the program's own code, attached, or a core file opened. */
  | 'initial'
  | 'breakpoint'
  | 'watchpoint'
  | 'step'
  | 'functionFinished'
  /** Break-in. */
  | 'interrupt'
  /** A signal that the program was about to get; it has not been delivered yet (first chance). */
  | 'signal'
  /** Those that {@link EventStops} asks for: a process was made; another program runs in this one; it is about to exit. */
  | 'forked'
  | 'exec'
  | 'exiting'
  /** A C++ exception is about to be thrown. */
  | 'thrown'
  /** Modules came or went; the target stands in its loader. */
  | 'modules'
  /** The program exited; there is no target any more. */
  | 'exited'
  /** The program died of a signal; there is no target any more. */
  | 'signalled'
  | 'unknown';

export interface Stop {
  readonly reason: StopReason;
  /** Thread that stopped; null when the target is gone. */
  readonly thread: number | null;
  /** Back-end numbers of the breakpoints that were hit. */
  readonly breakpoints: readonly number[];
  readonly signal?: SignalInfo;
  readonly exitCode?: number;
  readonly event?: StopEvent;
  /** Of a watchpoint, as the back end prints them. */
  readonly oldValue?: string;
  readonly newValue?: string;
}

/** What is known of a stop of {@link EventStops}. */
export interface StopEvent {
  /** forked: of the new process. */
  readonly pid?: number;
  /** forked: it shares its parent's memory, which waits, until it runs a program of its own (vfork). */
  readonly shares?: boolean;
  /** exec: of the new program. */
  readonly path?: string;
  /** modules: paths. */
  readonly loaded?: readonly string[];
  readonly unloaded?: readonly string[];
}

/** What the target stops for beside breakpoints, signals and steps. */
export interface EventStops {
  readonly forks: boolean;
  readonly execs: boolean;
  readonly exits: boolean;
  readonly throws: boolean;
  readonly modules: boolean;
  /** Names of signals that the program gets without a stop. */
  readonly silentSignals: readonly string[];
}

export interface SourceLine {
  /** Full path as compiled, or as found after substitution. */
  readonly file: string;
  readonly line: number;
  /** First address of its code that an address which was asked for belongs to. */
  readonly start?: bigint;
}

export interface Frame {
  readonly level: number;
  readonly address: bigint;
  /** The stack pointer in this frame (WinDbg's Child-SP); null for an inlined frame. */
  readonly stackPointer: bigint | null;
  /** Address this frame returns to; null for an inlined frame, 0 or absent at the end of the stack. */
  readonly returnAddress: bigint | null;
  readonly inlined: boolean;
  readonly symbol: SymbolHit | null;
  /** That its code belongs to, where that was looked up; null: none does. */
  readonly module?: { readonly name: string; readonly start: bigint } | null;
  readonly source: SourceLine | null;
  /** Present when asked for. */
  readonly args?: readonly Variable[];
  /** When asked for, where they can be read: what lies above the return address. Not of an inlined frame. */
  readonly words?: readonly bigint[];
}

/** What frames are to come with. */
export interface StackDetails {
  readonly args?: boolean;
  /** Pointer-sized words above each return address. */
  readonly words?: number;
}

/** Where a stack begins, in place of what the thread's registers say. */
export interface StackStart {
  /** Null: the thread's own. */
  readonly stackPointer: bigint | null;
  readonly address: bigint | null;
}

export interface SymbolHit {
  /** WinDbg's module name: `libc_so`. */
  readonly module: string;
  readonly name: string;
  /** Of the symbol itself. */
  readonly address: bigint;
  /** Distance of the queried address from it. */
  readonly offset: bigint;
}

export interface ModuleInfo {
  /** WinDbg's name: path without directory; version after `.so` cut, a final bare `.so` dropped, others than letters and digits to `_`. */
  readonly name: string;
  /** First address, and first address after. */
  readonly start: bigint;
  readonly end: bigint;
  readonly path: string;
  readonly buildId: string | null;
  /** deferred: not read yet; dwarf: debug information; exports: only the ELF symbol table; none. */
  readonly symbols: 'deferred' | 'dwarf' | 'exports' | 'none';
  /** File the symbols came from, where read. */
  readonly symbolFile: string | null;
  /** Of a kernel's modules, where each section was loaded. */
  readonly sections?: readonly PlacedSection[];
}

/** What came of looking for a module's separate debug information. */
export interface SymbolSearch {
  /** The file that it has now; null: none was found. */
  readonly file: string | null;
  /** Paths of files and addresses of servers, in the order in which they were tried, with what came of it: `found`, `file not found`. */
  readonly tried: readonly { readonly place: string; readonly outcome: string }[];
}

/** A symbol found by pattern. */
export interface SymbolInfo {
  readonly module: string;
  readonly name: string;
  readonly address: bigint;
  readonly kind: 'function' | 'data' | 'unknown';
  /** In bytes, 0 where not known. */
  readonly size: bigint;
  /** For functions the signature's argument types, for data its type; null without debug information. */
  readonly type: TypeInfo | null;
}

export interface Instruction {
  readonly address: bigint;
  readonly bytes: Uint8Array;
  /** Intel syntax as GDB prints it: `mov    eax,DWORD PTR [rax+0x8]`. */
  readonly text: string;
}

/** Code of one function that stands in a row. */
export interface CodeRange {
  readonly start: bigint;
  /** First address after. */
  readonly end: bigint;
}

export interface MemoryBlock {
  readonly address: bigint;
  /** As many as asked for. */
  readonly bytes: Uint8Array;
  /** 1 where the byte could be read, 0 where not; null: all could. */
  readonly readable: Uint8Array | null;
}

export interface MemoryPiece {
  readonly address: bigint;
  readonly length: number;
}

/** A mapping of the target's. Neighbours are not joined. */
export interface MemoryRegion {
  readonly start: bigint;
  /** First address after. */
  readonly end: bigint;
  readonly read: boolean;
  readonly write: boolean;
  readonly execute: boolean;
  /** Writes reach the file, and whoever else has mapped it. */
  readonly shared: boolean;
  /** Of `start` in the file. */
  readonly offset: bigint;
  /** As the kernel has it: a file's path, ` (deleted)` behind it where it is gone, `[stack]` and the like, or ''. */
  readonly path: string;
}

export type TypeKind =
  | 'int'
  | 'char'
  | 'bool'
  | 'float'
  | 'enum'
  | 'pointer'
  | 'reference'
  | 'struct'
  | 'union'
  | 'class'
  | 'array'
  | 'function'
  | 'void'
  | 'other';

/** A type, one level deep: fields' and targets' own fields are left out (`fields` undefined). */
export interface TypeInfo {
  readonly kind: TypeKind;
  /** As in the source: `struct node *`, `unsigned int`. */
  readonly name: string;
  /** With typedefs resolved; same as name where there are none. */
  readonly canonicalName: string;
  /** In bytes. */
  readonly size: number;
  readonly signed?: boolean;
  /** Of pointer, reference, array; return type of a function. */
  readonly target?: TypeInfo;
  /** Elements of an array. */
  readonly count?: number;
  readonly fields?: readonly FieldInfo[];
  /** Enumerators. */
  readonly enumerators?: readonly { readonly name: string; readonly value: bigint }[];
  /** Of a function. */
  readonly parameters?: readonly TypeInfo[];
}

export interface FieldInfo {
  readonly name: string;
  /** In bytes from the start of the type. */
  readonly offset: number;
  /** For bit-fields: first bit within the storage at `offset`, and width. */
  readonly bitPosition?: number;
  readonly bitSize?: number;
  readonly isBase?: boolean;
  readonly isStatic?: boolean;
  /** A virtual base of a type: where it lies is known of objects only. */
  readonly isVirtual?: boolean;
  readonly type: TypeInfo;
}

/** A type by name, without `struct` or its like, and the module that has it. */
export interface TypeName {
  readonly module: string;
  readonly name: string;
  /** In bytes. */
  readonly size: number;
}

/** A value with its type, as deep as was asked for. */
export interface TypedValue {
  readonly type: TypeInfo;
  /** Null when it lives in a register or nowhere. */
  readonly address: bigint | null;
  /** Register it lives in: `rbx`. */
  readonly register?: string;
  /** int, char, bool, enum, pointer, reference: the value, sign-extended where the type is signed. */
  readonly integer?: bigint;
  /** float: as GDB prints it. */
  readonly float?: string;
  /** enum: the enumerator's name. */
  readonly enumerator?: string;
  /** Pointer to characters: the string, as far as read (at most 128); array of characters likewise. */
  readonly string?: string;
  /** Pointer: symbol it points to, where one fits. */
  readonly symbol?: SymbolHit;
  readonly members?: readonly { readonly field: FieldInfo; readonly value: TypedValue }[];
  readonly elements?: readonly TypedValue[];
  /** Of a type that knows how to print itself, such as a container: in one line. */
  readonly text?: string;
  /** Why there is none: `<optimized out>`, `Cannot access memory at address 0x8`. */
  readonly unavailable?: string;
}

export interface Variable {
  readonly name: string;
  readonly isParameter: boolean;
  readonly value: TypedValue;
}

/** What of a tree of values is open, by the names of its nodes; `*`: all that are not named. */
export interface OpenNodes {
  readonly [name: string]: OpenNodes;
}

/** How trees of values are read, where not as windows show them. */
export interface TreeReading {
  /** Members as they are, whatever the types know of printing themselves. */
  readonly raw?: boolean;
  /** Long lists are cut after a hundred, with a node `[...]` without value behind; of the outermost list so many are left out. */
  readonly skip?: number;
}

/** A value in a tree that is read as far as it is open. */
export interface TreeNode {
  /** Unique among its siblings. */
  readonly name: string;
  /** Null: a part of a long array (`[256..511]`), or there is none (`error`). */
  readonly value: TypedValue | null;
  /** Of a type that knows how to print itself, such as a container. */
  readonly text?: string;
  /** Of a member: where it lies in the object. */
  readonly place?: Pick<FieldInfo, 'offset' | 'bitPosition' | 'bitSize'>;
  /** C or C++, for this frame; left out where there is none. */
  readonly expression?: string;
  readonly isParameter: boolean;
  readonly expandable: boolean;
  /** Of an open one. */
  readonly children?: readonly TreeNode[];
  readonly error?: string;
}

/** A variable of code that need not be running: its value is never there. */
export interface PlacedVariable extends Variable {
  /** `@rdi`, `cfa-0x1c`, an address, `<computed>`, `<unavailable>`. */
  readonly place: string;
}

export type BreakpointSpec = {
  /** One of them. `line` is in WinDbg's grave-accent syntax resolved already. */
  readonly where:
    | { readonly kind: 'address'; readonly address: bigint }
    /** `module` null: any. Pending when not found and `pending`. */
    | {
        readonly kind: 'symbol';
        readonly module: string | null;
        readonly name: string;
        readonly offset: bigint;
      }
    | { readonly kind: 'line'; readonly file: string; readonly line: number }
    | {
        readonly kind: 'data';
        readonly address: bigint;
        readonly size: number;
        readonly access: 'w' | 'r' | 'rw';
      }
    | { readonly kind: 'hardwareExecute'; readonly address: bigint };
  readonly oneShot?: boolean;
  /** Stop only in this thread. */
  readonly thread?: number;
  /** Hits to let pass before the first stop. */
  readonly ignoreCount?: number;
  /** Of a symbol: it waits for a module that has it, and again when that is unloaded. */
  readonly pending?: boolean;
  /**
   * Stops only where this C or C++ expression holds; registers as GDB has them (`$rax`). At a function's beginning it stands behind
   * the prologue, where parameters are in place.
   */
  readonly condition?: string;
  /** Stops only with fewer frames on the stack. */
  readonly depthBelow?: number;
  /** Stops only with more frames on the stack. */
  readonly depthAbove?: number;
};

export interface BreakpointInfo {
  /** The back end's number. */
  readonly number: number;
  /** Null while pending; the first of several locations otherwise. */
  readonly address: bigint | null;
  readonly locations: readonly bigint[];
  readonly source: SourceLine | null;
  readonly hits: number;
}

/** How to resume. All threads run unless `onlyThread`. */
export type Resume = {
  readonly kind: 'continue' | 'stepInstruction' | 'nextInstruction' | 'stepLine' | 'nextLine' | 'finish';
  readonly thread: number;
  readonly onlyThread?: boolean;
  /** Threads that stay where they are; never the one that steps. */
  readonly hold?: readonly number[];
  /** Signal to deliver: the pending one (`pass`, the default), none (`handled`), or by name. */
  readonly signal?: 'pass' | 'handled';
  /** Frame to finish; 0 by default. */
  readonly frame?: number;
};

/** One recorded step: values of the registers asked for, in their order. */
export interface StepRecord {
  readonly registers: readonly bigint[];
}

export type InstructionKind = 'call' | 'return' | 'branch' | 'syscall';

/** Where steps end before their count: where all of what is given holds, after at least one step. */
export interface StepGoal {
  readonly address?: bigint;
  /** The instruction that would come next is of one of these kinds. */
  readonly kinds?: readonly InstructionKind[];
  /** The stack pointer is above this: whoever had it there has returned. */
  readonly above?: bigint;
  /** The last instruction led elsewhere than to the one behind it; nothing else of this counts then. */
  readonly taken?: boolean;
  /** `kinds`: but not those of the source line where the steps begin. */
  readonly leavesLine?: boolean;
}

export interface StepHow {
  /** A call counts as one step. */
  readonly over?: boolean;
  readonly until?: StepGoal;
  /** Other threads stay where they are (the default, and faster). */
  readonly alone?: boolean;
}

export interface LaunchOptions {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export interface AttachOptions {
  readonly pid: number;
}

export interface CoreOptions {
  readonly core: string;
  /** Found by the core itself when left out. */
  readonly program?: string;
}

/** What this back end can do with this target; false with the reason a user should see. */
export interface Capabilities {
  readonly python: true | string;
  readonly run: true | string;
  readonly hardwareBreakpoints: true | string;
  /** How many of them the CPU takes at once; left out where that is not known. */
  readonly hardwareSlots?: number;
  readonly input: true | string;
}

export type BackendEvent =
  | { readonly type: 'moduleLoaded'; readonly path: string; readonly start: bigint; readonly end: bigint }
  | { readonly type: 'moduleUnloaded'; readonly path: string }
  | { readonly type: 'threadCreated'; readonly thread: number }
  | { readonly type: 'threadExited'; readonly thread: number }
  | { readonly type: 'running' }
  /** What the program wrote to its terminal. */
  | { readonly type: 'output'; readonly text: string }
  /** What GDB has to say that is worth showing: warnings about symbols, a stub's console output. */
  | { readonly type: 'message'; readonly text: string; readonly kind: 'warning' | 'stub' | 'log' }
  | { readonly type: 'breakpointChanged'; readonly breakpoint: BreakpointInfo }
  /** A file is fetched from the target's machine or a debuginfod server. */
  | { readonly type: 'transfer'; readonly transfer: Transfer }
  /** Symbols of these modules (WinDbg's names) have come, after the stop that was told without them. */
  | { readonly type: 'symbolsLoaded'; readonly modules: readonly string[] }
  /** The way to the target ended for good: STUB_DIED, LINK_LOST, SERVER_ENDED. There is no target any more. */
  | { readonly type: 'stubEnded'; readonly error: HawserError }
  /** GDB itself ended without being asked to. */
  | { readonly type: 'died'; readonly text: string };

/** What is known of an image whose symbols are placed by hand. */
export interface PlacedImage {
  /** As WinDbg names modules: `vmlinux`, `ext4`. */
  readonly name: string;
  readonly start: bigint;
  readonly end: bigint;
  readonly buildId: string | null;
  readonly sections: readonly PlacedSection[];
}

export interface PlacedSection {
  readonly name: string;
  readonly address: bigint;
}

/** What a stub in front of a whole machine can do. */
export interface KernelAccess {
  /** True, or why physical memory cannot be had. */
  physical(): Promise<true | string>;
  /** Never fails on what is not there; rejects UNSUPPORTED where {@link physical} is not true. */
  readPhysical(address: bigint, length: number): Promise<MemoryBlock>;
  writePhysical(address: bigint, bytes: Uint8Array): Promise<void>;
  /**
   * The kernel's own file of symbols, moved by `slide` (64 bits, wraps). It takes the place of the one before, and all that was
   * added goes.
   */
  placeSymbols(file: string, slide: bigint, image: PlacedImage): Promise<void>;
  /** Symbols of a loaded module, placed by its sections. `placed`: the file has the target's addresses itself. */
  addSymbols(file: string, image: PlacedImage, placed?: boolean): Promise<void>;
  /** Of a module that was added. */
  removeSymbols(file: string): Promise<void>;
  /**
   * From here on memory of programs (the lower half of the addresses) is read and written where this says it is, with no
   * regard to what the current processor has mapped there. Null: as the processor has it.
   */
  translate(pages: ((page: bigint) => Promise<bigint | null>) | null): void;
  /** A command for the stub's own monitor (QEMU's, OpenOCD's); what it says. Rejects GDB where the stub has none. */
  monitor(command: string): Promise<string>;
}
