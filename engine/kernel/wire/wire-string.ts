import { bad, problemOf, type Span } from '../../../transports/connection-string/problem.ts';
import { readRow } from '../../../transports/connection-string/read.ts';
import { type Scanned, scan, type ValueToken } from '../../../transports/connection-string/scan.ts';
import {
  type ClientString,
  formatConnectionString,
  type GdbClientString,
  type ParseOptions,
  parseConnectionString,
} from '../../../transports/connection-string.ts';
import { HawserError } from '../../../transports/errors/error.ts';
import { type ComWire, comWire, type PipeWire, writeCom } from './com-string.ts';
import { wireErrors } from './errors.ts';
import { foreignWires, REACHES_A_SERVER } from './foreign-wires.ts';

/** A bare stub: QEMU's, VMware's, OpenOCD's; or one on a serial line. */
export interface GdbWire {
  readonly kind: 'gdb';
  readonly place: GdbClientString;
}

/** A wire that this machine, or the one of a KD connection server, holds. */
export type PlainWire = GdbWire | ComWire | PipeWire;

/** `kdsrv:server=@{CONNECTION},trans=@{TARGET}`: the wire is at another machine. */
export interface KdsrvWire {
  readonly kind: 'kdsrv';
  readonly server: ClientString;
  readonly trans: PlainWire;
}

/** What `-k` takes. */
export type KernelWire = PlainWire | KdsrvWire;

export type WireOptions = Pick<ParseOptions, 'backslashes'>;

export const WIRE_FORMS =
  'gdb:server=HOST,port=PORT, com:port=/dev/ttyUSB0,baud=115200, com:pipe,port=PATH or kdsrv:server=@{…},trans=@{…}';

/**
 * Reads what stands after `-k`.
 * @throws HawserError `BAD_CONNECTION_STRING`, or `UNSUPPORTED_WIRE` for a form of WinDbg's; `data` says where
 */
export function parseWire(text: string, { backslashes }: WireOptions): KernelWire {
  const options = { role: 'client', backslashes } as const;
  const scanned = scan(text, { braces: true });
  return name(scanned) === 'kdsrv' ? readKdsrv(scanned, options) : plain(text, scanned, options);
}

/** As {@link parseWire}, for the part that a KD connection server opens. */
export function parsePlainWire(text: string, { backslashes }: WireOptions): PlainWire {
  return plain(text, scan(text, { braces: true }), { role: 'client', backslashes });
}

const name = ({ protocol }: Scanned) => protocol.text.toLowerCase();

function plain(text: string, scanned: Scanned, options: ParseOptions): PlainWire {
  const { protocol } = scanned;
  const wanted = name(scanned);
  if (wanted === 'gdb') {
    const place = parseConnectionString(text, { ...options, role: 'client' });
    if (place.protocol !== 'gdb') throw new Error('gdb: reads as something else');
    return { kind: 'gdb', place };
  }
  if (wanted === 'com') return comWire(scanned, options);
  const foreign = Object.hasOwn(foreignWires, wanted) ? foreignWires[wanted] : undefined;
  if (foreign) throw at(protocol, wireErrors.unsupportedWire(`${wanted}:`, foreign.what, foreign.nearest));
  if (REACHES_A_SERVER.has(wanted))
    throw bad(
      protocol,
      `It reaches servers, not kernels; for a KD connection server write kdsrv:server=@{${wanted}:…},trans=@{…}.`,
    );
  if (wanted === 'kdsrv') throw bad(protocol, 'One KD connection server does not lead to the next.');
  throw bad(protocol, `It is no wire to a kernel; known are ${WIRE_FORMS}.`);
}

const parameters = {
  server: {
    name: 'Server',
    roles: ['client'],
    takes: 'a connection string in braces, as in server=@{tcp:server=HOST,port=PORT}',
    read: (token: ValueToken, options: ParseOptions): ClientString =>
      inBraces(token, (text) => {
        const server = parseConnectionString(text, { ...options, role: 'client' });
        if (server.protocol === 'gdb')
          throw bad(
            { offset: 0, length: 3, text: 'gdb' },
            'It leads to a stub itself: write -k gdb:… alone, or put it into trans=@{gdb:…}.',
          );
        return server;
      }),
  },
  trans: {
    name: 'Trans',
    roles: ['client'],
    takes: 'a wire of that machine in braces, as in trans=@{com:port=/dev/ttyUSB0,baud=115200}',
    read: (token: ValueToken, options: ParseOptions): PlainWire =>
      inBraces(token, (text) => parsePlainWire(text, options)),
  },
} as const;

interface Read {
  readonly protocol: 'kdsrv';
  readonly role: 'client';
  readonly wire: KdsrvWire;
}

function readKdsrv(scanned: Scanned, options: ParseOptions): KdsrvWire {
  const { wire } = readRow<typeof parameters, never, Read>(
    {
      protocol: 'kdsrv',
      parameters,
      finish({ values: { server, trans }, end }) {
        if (!server) throw bad(end, 'server= is missing, as in server=@{tcp:server=HOST,port=PORT}.');
        if (!trans) throw bad(end, 'trans= is missing, as in trans=@{com:port=/dev/ttyUSB0,baud=115200}.');
        return { protocol: 'kdsrv', role: 'client', wire: { kind: 'kdsrv', server, trans } };
      },
    },
    scanned,
    options,
  );
  return wire;
}

/** What is wrong in the braces is told by its place in the whole. */
function inBraces<T>(token: ValueToken, read: (text: string) => T): T {
  if (!token.braced) throw bad(token, 'A connection string stands in braces here: @{…}.');
  try {
    return read(token.value);
  } catch (error) {
    const problem = error instanceof HawserError ? problemOf(error) : null;
    if (!problem || !(error instanceof HawserError)) throw error;
    throw at({ ...problem, offset: problem.offset + token.offset + 2, text: problem.word }, error);
  }
}

function at({ offset, length, text }: Span, error: HawserError): HawserError {
  if (error.code === 'BAD_CONNECTION_STRING')
    return bad({ offset, length, text }, String(error.data.reason ?? ''));
  return new HawserError(error.code, error.message, error.action, { ...error.data, offset, length });
}

/** As it is shown, without any password: `KdSrv:Server=@{tcp:Port=5005,Server=birch},Trans=@{com:Port=COM1,Baud=57600}`. */
export function formatWire(wire: KernelWire): string {
  switch (wire.kind) {
    case 'gdb':
      return formatConnectionString(wire.place);
    case 'com':
    case 'pipe':
      return writeCom(wire);
    case 'kdsrv':
      return `KdSrv:Server=@{${formatConnectionString(wire.server, { password: 'omit' })}},Trans=@{${formatWire(wire.trans)}}`;
  }
}
