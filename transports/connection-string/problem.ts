import { connectionErrors } from '../errors/connection-errors.ts';
import type { HawserError } from '../errors/error.ts';
import type { StringProblem } from '../errors/string-errors.ts';

/** A piece of the connection string as typed; offset and length in UTF-16 units of the whole. */
export interface Span {
  readonly offset: number;
  readonly length: number;
  /** As typed. */
  readonly text: string;
}

export function bad(span: Span, reason: string): HawserError {
  return connectionErrors.badConnectionString({
    offset: span.offset,
    length: span.length,
    word: span.text,
    reason,
  });
}

/** The same place, with the text hidden: for a password's. */
export function masked(span: Span): Span {
  return { offset: span.offset, length: span.length, text: '*' };
}

/** The place that an error points at, or null for an error that is not about a connection string. */
export function problemOf(error: HawserError): StringProblem | null {
  const { offset, length, word, reason } = error.data;
  if (typeof offset !== 'number' || typeof length !== 'number') return null;
  return { offset, length, word: String(word), reason: String(reason) };
}

/** A line to print under the string: `^` under where the problem begins, `~` under the rest of it. */
export function caretLine(problem: StringProblem, indent = 0): string {
  return `${' '.repeat(indent + problem.offset)}^${'~'.repeat(Math.max(0, problem.length - 1))}`;
}
