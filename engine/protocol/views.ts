/**
 * What windows show of a target beside text: structured answers, asked for in one request for all windows that are on
 * screen. Types only. Addresses are strings as in `session.ts`; texts are as the commands of the language write them.
 */
/** A value's place in a tree: names of nodes ({@link ValueNode.name}) from the root down. */
export type NodePath = readonly string[];

export type ViewQuery =
  /** `groups`: names of those whose registers are wanted; of the others only their names come. */
  | { readonly view: 'registers'; readonly groups: readonly string[] }
  | { readonly view: 'stack'; readonly limit: number; readonly parameters: boolean }
  /** `open`: what is shown with its children. */
  | { readonly view: 'locals'; readonly open: readonly NodePath[] }
  /** C++ expressions, as of `??`; a path in `open` begins with the expression. Not for viewers. */
  | { readonly view: 'watch'; readonly expressions: readonly string[]; readonly open: readonly NodePath[] }
  /** Instructions before and after an address, which `at` evaluates to; '' follows the current frame. */
  | {
      readonly view: 'disassembly';
      readonly at: string;
      readonly before: number;
      readonly after: number;
      /** With the text of their source lines. */
      readonly source?: boolean | undefined;
    }
  /** Bytes from `offset` (decimal, may be negative) after the address that `at` evaluates to. */
  | {
      readonly view: 'memory';
      readonly at: string;
      readonly offset: string;
      readonly length: number;
      /** With what the pointers among them point to. */
      readonly symbols?: boolean | undefined;
    }
  /** `from`, `count`: for which of the threads, in their order, it is told where they are. */
  | { readonly view: 'threads'; readonly from: number; readonly count: number }
  | { readonly view: 'breakpoints' }
  | { readonly view: 'modules' }
  /** Where symbols and sources are looked for. */
  | { readonly view: 'paths' }
  /** A source file by its name in the debug information; '' follows the current frame. `known`: the text is there already. */
  | {
      readonly view: 'source';
      readonly file: string;
      readonly known: string;
      /** With the lines that other threads are at, of a process with a few hundred at most. */
      readonly threads?: boolean | undefined;
    }
  /** Source files that debug information names and that have `filter` in their path. It may take long in a large program. */
  | { readonly view: 'sources'; readonly filter: string; readonly limit: number }
  /** What is done about events and exceptions, as `sx` lists it. */
  | { readonly view: 'events' };

export type ViewName = ViewQuery['view'];
export type QueryOf<N extends ViewName> = Extract<ViewQuery, { readonly view: N }>;

export interface RegisterValue {
  readonly name: string;
  /** Hexadecimal digits, as wide as the register; null: it cannot be had. */
  readonly value: string | null;
  /** What its bits are called: flags by WinDbg's names. */
  readonly note?: string;
  /** `r NAME=VALUE` sets it. */
  readonly editable: boolean;
}

export interface RegistersView {
  /** `registers` null: not asked for. */
  readonly groups: readonly { readonly name: string; readonly registers: readonly RegisterValue[] | null }[];
}

export interface StackFrame {
  readonly level: number;
  readonly address: string;
  /** `loop!work+0x17`, or the address. */
  readonly site: string;
  /** `(int n = 0n3)`, where parameters are wanted. */
  readonly parameters: string;
  readonly stackPointer: string | null;
  readonly returnAddress: string | null;
  readonly inlined: boolean;
  readonly source: SourcePlace | null;
}

export interface SourcePlace {
  readonly file: string;
  readonly line: number;
}

export interface StackView {
  readonly thread: number;
  /** Of the current frame. */
  readonly frame: number;
  readonly frames: readonly StackFrame[];
  /** There are more than `limit`. */
  readonly more: boolean;
}

export interface ValueNode {
  /** Unique among its siblings. */
  readonly name: string;
  readonly type: string;
  readonly value: string;
  /** What `??` takes for it, and what an assignment sets; null: it has none. */
  readonly expression: string | null;
  readonly address: string | null;
  /** An assignment makes sense: a number, a pointer, an enumerator. */
  readonly editable: boolean;
  /** Of an integer, a character, an enumerator, a pointer: its bits, hexadecimal, as wide as its type. */
  readonly bits?: string;
  readonly parameter: boolean;
  readonly expandable: boolean;
  /** Of one that is open. */
  readonly children: readonly ValueNode[] | null;
}

export interface LocalsView {
  /** `loop!work`, of the current frame; '' where there is none. */
  readonly scope: string;
  /** Null: the code of this frame has no debug information. */
  readonly nodes: readonly ValueNode[] | null;
}

export interface WatchView {
  readonly nodes: readonly ValueNode[];
}

export interface DisassemblyLine {
  readonly address: string;
  /** Hexadecimal. */
  readonly bytes: string;
  /** `call    loop!helper (00005555`55555030)`. */
  readonly text: string;
  /** `loop!work+0x4`. */
  readonly symbol: string;
  readonly source: SourcePlace | null;
  /** Where a call or jump leads. */
  readonly target: string | null;
}

export interface DisassemblyView {
  /** What `at` came to. */
  readonly address: string;
  /** The instruction pointer of the current frame. */
  readonly ip: string | null;
  readonly lines: readonly DisassemblyLine[];
  /** Asked for: of the source lines that can be read. */
  readonly texts?: readonly (SourcePlace & { readonly text: string })[];
}

export interface MemoryView {
  /** What `at` came to. */
  readonly base: string;
  /** Of the first byte: `offset` from there, or where the addresses begin or end. */
  readonly address: string;
  /** Two digits a byte; `??` for what cannot be read. Fewer than asked for at the end of the addresses. */
  readonly bytes: string;
  readonly pointerSize: 4 | 8;
  /** Asked for: names of what the pointers in it lead to, by their own addresses; those aligned with the first byte. */
  readonly names?: Readonly<Record<string, string>>;
}

export interface ThreadRow {
  readonly index: number;
  /** The system's id; of a kernel 0. */
  readonly tid: number;
  readonly name: string;
  readonly frozen: boolean;
  /** As WinDbg counts: 1 and what the debugger has added. */
  readonly suspended: number;
  /** `loop!work+0x17`; null: not asked for, or not known. */
  readonly place: string | null;
  /** Of the same; left out where there is none. */
  readonly source?: SourcePlace;
}

/** One of the targets of a session. */
export interface SystemRow {
  readonly index: number;
  readonly pid: number;
  readonly name: string;
}

export interface ThreadsView {
  /** All that are debugged, where they are several. */
  readonly systems?: readonly SystemRow[];
  /** The index of the one that `threads` are of. */
  readonly system: number;
  readonly process: { readonly pid: number; readonly name: string } | null;
  readonly kernel: boolean;
  readonly current: number;
  /** That of the last event. */
  readonly event: number;
  readonly threads: readonly ThreadRow[];
}

export interface BreakpointRow {
  readonly id: number;
  readonly kind: 'bp' | 'bu' | 'ba';
  readonly enabled: boolean;
  /** `loop!work+0x4`, or what was typed where it waits for its module. */
  readonly place: string;
  /** Null while it cannot be placed. */
  readonly address: string | null;
  readonly source: SourcePlace | null;
  /** `w4`; '' for breakpoints on code. */
  readonly access: string;
  readonly hits: number;
  readonly passes: number;
  readonly oneShot: boolean;
  readonly thread: number | null;
  /** What it takes beside the place: `/c 3 /w "n == 2"`. */
  readonly condition: string;
  /** Of that the expression alone. */
  readonly when: string;
  /** Of that the rest: `/c 3`. */
  readonly depth: string;
  /** What was typed for the place. */
  readonly expression: string;
  readonly commands: string;
}

export interface BreakpointsView {
  readonly breakpoints: readonly BreakpointRow[];
}

export interface ModuleRow {
  readonly name: string;
  readonly start: string;
  readonly end: string;
  readonly path: string;
  readonly buildId: string | null;
  readonly symbols: 'deferred' | 'dwarf' | 'exports' | 'none';
  readonly symbolFile: string | null;
}

export interface ModulesView {
  readonly modules: readonly ModuleRow[];
}

export interface SourceView {
  /** '' where the current frame's code has no source. */
  readonly file: string;
  /** In that file, of the current frame; null: it is elsewhere. */
  readonly line: number | null;
  /** The current frame is the one that runs next, no caller of it. */
  readonly innermost: boolean;
  /** Null: as known, or it cannot be read. */
  readonly text: string | null;
  readonly readable: boolean;
  /** Lines with breakpoints. */
  readonly breakpoints: readonly { readonly id: number; readonly line: number; readonly enabled: boolean }[];
  /** Asked for: threads but the current one that are in this file. */
  readonly threads?: readonly { readonly index: number; readonly line: number }[];
}

export interface SourcesView {
  readonly files: readonly string[];
  /** There are more than `limit`. */
  readonly more: boolean;
}

export interface EventRow {
  /** As `sxe` takes it. */
  readonly code: string;
  readonly title: string;
  /** break: at the first chance; second: at the second alone; output: a line; ignore: nothing. */
  readonly status: 'break' | 'second' | 'output' | 'ignore';
  /** Null: it is no exception. */
  readonly handled: boolean | null;
  /** Only for what matches; '' for all. */
  readonly pattern: string;
  readonly first: string;
  readonly second: string;
}

export interface EventsView {
  readonly events: readonly EventRow[];
}

export interface PathsView {
  /** Of the machine where the engine runs. */
  readonly symbols: readonly string[];
  readonly sources: readonly string[];
}

export interface ViewResults {
  registers: RegistersView;
  stack: StackView;
  locals: LocalsView;
  watch: WatchView;
  disassembly: DisassemblyView;
  memory: MemoryView;
  threads: ThreadsView;
  breakpoints: BreakpointsView;
  modules: ModulesView;
  paths: PathsView;
  source: SourceView;
  sources: SourcesView;
  events: EventsView;
}

export type ViewAnswer =
  | { readonly ok: true; readonly value: ViewResults[ViewName] }
  | {
      readonly ok: false;
      /** As WireError in transports/errors. */
      readonly error: {
        readonly code: string;
        readonly message: string;
        readonly action: string;
        readonly data: Readonly<Record<string, unknown>>;
      };
    };

export interface ViewsParams {
  readonly queries: readonly ViewQuery[];
}

export interface ViewsResult {
  /**
   * answered: one answer for each query, all of the same moment. stale: a command is about to run, or runs, after which they would
   * be others; to be asked again when it has finished. running, noTarget: there is nothing to look at.
   */
  readonly status: 'answered' | 'stale' | 'running' | 'noTarget';
  /** It differs when the target has run meanwhile: what changed since then is news. */
  readonly run: number;
  /** System, thread and frame that were looked at. */
  readonly context: string;
  readonly answers: readonly ViewAnswer[];
}
