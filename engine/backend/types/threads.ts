import type { SymbolHit } from './modules.ts';
import type { Variable } from './values.ts';

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
