import type { HawserError } from '../../../transports/errors/error.ts';
import type { NameMatch } from '../names.ts';
import type { Span } from './scan.ts';

/** What is nested is left as text: a block is read when it is entered, after its aliases have been replaced. */
export type Statement = Span &
  (
    | {
        readonly kind: 'command';
        /** Null: no such command, or one behind a thread token. */
        readonly match: NameMatch | null;
      }
    | { readonly kind: 'if'; readonly branches: readonly Branch[] }
    | {
        readonly kind: 'for';
        readonly init: Span;
        /** Empty: for ever. */
        readonly condition: Span;
        readonly steps: readonly Span[];
        readonly body: Span;
      }
    | { readonly kind: 'while'; readonly condition: Span; readonly body: Span }
    | { readonly kind: 'do'; readonly condition: Span; readonly body: Span }
    | { readonly kind: 'block'; readonly body: Span }
    | { readonly kind: 'catch'; readonly body: Span }
    | {
        readonly kind: 'foreach';
        readonly variable: string;
        /** Expressions: tokens left out at the start, and after each one that is used. */
        readonly skipFirst: Span | null;
        readonly skipBetween: Span | null;
        readonly from: 'commands' | 'string' | 'file';
        readonly source: Span;
        readonly body: Span;
      }
    | { readonly kind: 'break' | 'continue' | 'leave' }
    /** The condition's end is where its expression ends, which only the evaluator knows. */
    | { readonly kind: 'j'; readonly rest: Span }
    | { readonly kind: 'z'; readonly condition: Span }
    /** Thrown when its turn comes: what stands before it runs. */
    | { readonly kind: 'error'; readonly error: HawserError }
  );

export interface Branch {
  /** Null: `.else`. */
  readonly condition: Span | null;
  readonly body: Span;
}
