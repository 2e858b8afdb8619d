import type { ParameterTable, ReadValues, Role } from './parameter.ts';
import type { Password } from './values.ts';

/** A parameter as the formatter puts it: name and value, null for a flag. */
export type Written = readonly [name: string, value: string | null];

/** What every connection string has, whatever its protocol. */
export interface AnyConnectionString {
  readonly protocol: string;
  readonly role: Role;
  readonly password?: Password;
}

/** All that parser and formatter know of one protocol. A new transport brings its row. */
export interface ProtocolRow<T extends ParameterTable, C extends AnyConnectionString> {
  readonly protocol: C['protocol'];
  /** By keyword in lower case. */
  readonly parameters: T;
  /** Rules that concern several parameters. @throws HawserError that points at the word */
  finish(read: ReadValues<T>, role: Role): C;
  /** In the order of the documented lines; the password is the formatter's. */
  write(value: C): Written[];
  /** Sentences about what was accepted and does nothing here. */
  notes(value: C): string[];
}
