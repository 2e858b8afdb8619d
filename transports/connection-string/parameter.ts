import { bad, masked, type Span } from './problem.ts';
import type { ValueToken } from './scan.ts';

/** Who reads the string: `-server` and its like, or `-remote` and its like. */
export type Role = 'server' | 'client';

export interface ParseOptions {
  readonly role: Role;
  /** Leading backslashes before a machine's name: dropped (command lines), or refused (dialogs). */
  readonly backslashes: 'strip' | 'refuse';
}

/** One keyword of a protocol. */
export interface Parameter<T> {
  /** As the formatter writes it. Read in any case. */
  readonly name: string;
  readonly roles: readonly Role[];
  /** A word without `=`. */
  readonly flag?: boolean;
  /** A password: no message repeats what was typed. */
  readonly secret?: boolean;
  /** What the value is, for messages: `a port number, as in port=5005`. */
  readonly takes: string;
  /** @throws HawserError through {@link bad} */
  readonly read: (token: ValueToken, options: ParseOptions) => T;
}

/** Keywords (lower case) of one protocol. */
export type ParameterTable = Readonly<Record<string, Parameter<unknown>>>;

/** What was read, typed after its table; and where, for rules that concern several. */
export interface ReadValues<T extends ParameterTable> {
  readonly values: { readonly [K in keyof T]?: T[K] extends Parameter<infer V> ? V : never };
  /** The whole `key=value`. */
  readonly spans: { readonly [K in keyof T]?: Span };
  /** Where something missing would stand. */
  readonly end: Span;
}

/** The word of a token that may be shown. */
export function shown(token: ValueToken, parameter: Pick<Parameter<unknown>, 'secret'>): Span {
  return parameter.secret ? masked(token) : token;
}

export { bad };
