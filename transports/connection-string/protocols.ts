import type { ParameterTable, ParseOptions } from './parameter.ts';
import type { AnyConnectionString, ProtocolRow, Written } from './protocol-row.ts';
import { readRow } from './read.ts';
import type { Scanned } from './scan.ts';
import { type TcpClientString, type TcpServerString, tcpRow } from './tcp.ts';

/** What `-server` and its like take: where to listen. Discriminated by `protocol`. */
export type ServerString = TcpServerString;
/** What `-remote` and its like take: whom to reach. Discriminated by `protocol`. */
export type ClientString = TcpClientString;
export type ConnectionString = ServerString | ClientString;
/** Protocols that this build has a transport for. */
export type Protocol = ConnectionString['protocol'];

interface Entry {
  read(scanned: Scanned, options: ParseOptions): ConnectionString;
  write(value: ConnectionString): Written[];
  notes(value: ConnectionString): string[];
}

/** A row behind one shape for all; its own values come back to it alone, by their `protocol`. */
function entry<T extends ParameterTable, C extends ConnectionString & AnyConnectionString>(
  row: ProtocolRow<T, C>,
): Entry {
  return {
    read: (scanned, options) => readRow(row, scanned, options),
    write: (value) => row.write(value as C),
    notes: (value) => row.notes(value as C),
  };
}

export const protocols: Readonly<Record<Protocol, Entry>> = {
  tcp: entry(tcpRow),
};

/** Protocols that connection strings have elsewhere: an error names them as known but not carried here. */
const foreign: ReadonlySet<string> = new Set(['npipe', 'com', 'spipe', 'ssl', 'gdb', 'snapshot', 'kdsrv']);

export function isForeignProtocol(name: string): boolean {
  return foreign.has(name) && !Object.hasOwn(protocols, name);
}

export function isProtocol(name: string): name is Protocol {
  return Object.hasOwn(protocols, name);
}

export const supportedProtocols = Object.keys(protocols) as readonly Protocol[];
