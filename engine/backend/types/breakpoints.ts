import type { SourceLine } from './threads.ts';

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
