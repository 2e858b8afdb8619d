import { type ComClientString, type ComServerString, comRow } from './com.ts';
import { type GdbClientString, gdbRow } from './gdb.ts';
import { type NpipeClientString, type NpipeServerString, npipeRow } from './npipe.ts';
import type { ParameterTable, ParseOptions } from './parameter.ts';
import type { ProtocolRow, Written } from './protocol-row.ts';
import { readRow } from './read.ts';
import type { Scanned } from './scan.ts';
import { type SpipeClientString, type SpipeServerString, spipeRow } from './spipe.ts';
import { type SslClientString, type SslServerString, sslRow } from './ssl.ts';
import { type TcpClientString, type TcpServerString, tcpRow } from './tcp.ts';

/** What `-server` and its like take: where to listen. Discriminated by `protocol`. */
export type ServerString =
  | ComServerString
  | NpipeServerString
  | SpipeServerString
  | SslServerString
  | TcpServerString;
/** What `-remote` and its like take: whom to reach. Discriminated by `protocol`. */
export type ClientString =
  | ComClientString
  | GdbClientString
  | NpipeClientString
  | SpipeClientString
  | SslClientString
  | TcpClientString;
export type ConnectionString = ServerString | ClientString;
/** Protocols that this build has a transport for. */
export type Protocol = ConnectionString['protocol'];

interface Entry {
  read(scanned: Scanned, options: ParseOptions): ConnectionString;
  write(value: ConnectionString): Written[];
  notes(value: ConnectionString): string[];
  clientOf(bound: ServerString, host: string): ClientString;
  listed(bound: ServerString): ServerString;
  exposed(bound: ServerString): boolean;
}

/** A row behind one shape for all; its own values come back to it alone, by their `protocol`. */
function entry<T extends ParameterTable, S extends ServerString, C extends ClientString>(
  row: ProtocolRow<T, S, C>,
): Entry {
  return {
    read: (scanned, options) => readRow<T, S, C>(row, scanned, options),
    write: (value) => row.write(value as S | C),
    notes: (value) => row.notes(value as S | C),
    clientOf: (bound, host) => row.clientOf(bound as S, host),
    listed: (bound) => row.listed(bound as S),
    exposed: (bound) => row.exposed(bound as S),
  };
}

export const protocols: Readonly<Record<Protocol, Entry>> = {
  com: entry(comRow),
  gdb: entry(gdbRow),
  npipe: entry(npipeRow),
  spipe: entry(spipeRow),
  ssl: entry(sslRow),
  tcp: entry(tcpRow),
};

/** What may stand in a string of `-premote` and Connect to Remote Stub: process servers, and bare stubs. */
export const premoteProtocols = Object.keys(protocols) as readonly Protocol[];
/** What may stand in a string of `-remote` and Connect to Remote Session. */
export const remoteProtocols = premoteProtocols.filter((name) => name !== 'gdb');

/** Protocols that connection strings have elsewhere: an error names them as known but not carried here. */
const foreign: ReadonlySet<string> = new Set(['npipe', 'com', 'spipe', 'ssl', 'gdb', 'snapshot', 'kdsrv']);

export function isForeignProtocol(name: string): boolean {
  return foreign.has(name) && !Object.hasOwn(protocols, name);
}

export function isProtocol(name: string): name is Protocol {
  return Object.hasOwn(protocols, name);
}

/** Nobody listens by it. */
export function isClientOnly(name: Protocol): boolean {
  return name === 'gdb';
}

export const supportedProtocols = Object.keys(protocols) as readonly Protocol[];
