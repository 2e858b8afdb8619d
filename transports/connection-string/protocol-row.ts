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

/**
 * All that parser and formatter know of one protocol. A new transport brings its row.
 * `S` and `C` are the forms of server and client; never: there is none.
 */
export interface ProtocolRow<
  T extends ParameterTable,
  S extends AnyConnectionString & { readonly role: 'server' },
  C extends AnyConnectionString & { readonly role: 'client' },
> {
  readonly protocol: C['protocol'];
  /** By keyword in lower case. */
  readonly parameters: T;
  /** Rules that concern several parameters. @throws HawserError that points at the word */
  finish(read: ReadValues<T>, role: Role): S | C;
  /** In the order of the documented lines; the password is the formatter's. */
  write(value: S | C): Written[];
  /** Sentences about what was accepted and does nothing here. */
  notes(value: S | C): string[];
  /** What a client gives to reach this server; `host` is the name of the server's machine. */
  clientOf(bound: S, host: string): C;
  /** The server without what listings leave out: how it was set up. */
  listed(bound: S): S;
  /** Whether others than this user can reach it, a password aside, and need no certificate for it. */
  exposed(bound: S): boolean;
}
