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
  /** The only thread that ran has ended; the others stand. */
  | 'threadEnded'
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
  /** threadEnded: which. */
  readonly thread?: number;
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
