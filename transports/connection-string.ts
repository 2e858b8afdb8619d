import type { ParseOptions } from './connection-string/parameter.ts';
import { bad } from './connection-string/problem.ts';
import {
  type ClientString,
  type ConnectionString,
  isClientOnly,
  isForeignProtocol,
  isProtocol,
  protocols,
  type ServerString,
  supportedProtocols,
} from './connection-string/protocols.ts';
import { scan } from './connection-string/scan.ts';
import { quotePassword } from './connection-string/values.ts';
import { connectionErrors } from './errors/connection-errors.ts';
import { Secret } from './secret.ts';

const serverProtocols = supportedProtocols.filter((name) => !isClientOnly(name)).join(', ');

/**
 * Reads a connection string. Keywords in any case and order.
 * @throws HawserError `BAD_CONNECTION_STRING` or `UNSUPPORTED_PROTOCOL`; its
 * `data` says where (see `problemOf`, `caretLine`). A password never stands in it.
 */
export function parseConnectionString(text: string, options: ParseOptions & { role: 'server' }): ServerString;
export function parseConnectionString(text: string, options: ParseOptions & { role: 'client' }): ClientString;
export function parseConnectionString(text: string, options: ParseOptions): ConnectionString;
export function parseConnectionString(text: string, options: ParseOptions): ConnectionString {
  const scanned = scan(text);
  const { protocol } = scanned;
  const name = protocol.text.toLowerCase();
  if (isProtocol(name)) {
    if (options.role === 'server' && isClientOnly(name))
      throw bad(protocol, `It leads to a stub, such as gdbserver; a server takes ${serverProtocols}.`);
    return protocols[name].read(scanned, options);
  }
  if (isForeignProtocol(name)) {
    const { offset, length } = protocol;
    throw connectionErrors.unsupportedProtocol({ offset, length, word: name }, supportedProtocols);
  }
  throw bad(protocol, `It is no protocol; known are ${supportedProtocols.join(', ')}.`);
}

export interface FormatOptions {
  /** `mask` (default): `Password=*` where there is one; `reveal` writes it out. */
  readonly password?: 'mask' | 'omit' | 'reveal';
}

/** In WinDbg's form: `tcp:Port=5005,Server=HOST,Password=*`. */
export function formatConnectionString(value: ConnectionString, options: FormatOptions = {}): string {
  const written = protocols[value.protocol]
    .write(value)
    .map(([name, v]) => (v === null ? name : `${name}=${v}`));
  const mode = options.password ?? 'mask';
  if (value.password !== undefined && mode !== 'omit') {
    const reveal = mode === 'reveal' && value.password instanceof Secret;
    written.push(
      `Password=${reveal && value.password instanceof Secret ? quotePassword(value.password.reveal()) : '*'}`,
    );
  }
  return `${value.protocol}:${written.join(',')}`;
}

/** A server as listings show it: what a client needs to know, nothing about how the server was set up. */
export function formatListing(bound: ServerString): string {
  return formatConnectionString(protocols[bound.protocol].listed(bound));
}

/** What a client types after `-remote` to reach a server; `host` is this machine's name. */
export function clientStringFor(bound: ServerString, host: string): ClientString {
  return protocols[bound.protocol].clientOf(bound, host);
}

/** Whether anybody on the network can use the server: it listens there, and has neither password nor certificate. */
export function isUnguarded(value: ServerString): boolean {
  return value.password === undefined && protocols[value.protocol].exposed(value);
}

/** Sentences about what was accepted and does nothing here, to be printed. */
export function notesOn(value: ConnectionString): string[] {
  return protocols[value.protocol].notes(value);
}

export type { GdbClientString } from './connection-string/gdb.ts';
export type { NpipeClientString, NpipeServerString } from './connection-string/npipe.ts';
export type { ParseOptions, Role } from './connection-string/parameter.ts';
export { caretLine, problemOf } from './connection-string/problem.ts';
export type {
  ClientString,
  ConnectionString,
  Protocol,
  ServerString,
} from './connection-string/protocols.ts';
export { premoteProtocols, remoteProtocols } from './connection-string/protocols.ts';
export type { SpipeClientString, SpipeServerString } from './connection-string/spipe.ts';
export type { SslClientString, SslServerString } from './connection-string/ssl.ts';
export type { TcpClientString, TcpServerString } from './connection-string/tcp.ts';
export { type Password, type PortRange, passwordProblem } from './connection-string/values.ts';
