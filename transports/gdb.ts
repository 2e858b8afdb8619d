import { sendLineBreak } from './com/line/line-break.ts';
import { lineError } from './com/line/line-error.ts';
import { openLine } from './com/line/open-line.ts';
import { devicePath } from './com/port-name.ts';
import type { GdbClientString, GdbLineString } from './connection-string/gdb.ts';
import { connectionErrors } from './errors/connection-errors.ts';
import { toHawserError } from './errors/error.ts';
import { connectTcp } from './tcp-connect.ts';
import type { Connection, ConnectOptions, Transport } from './transport.ts';

/** The way to a bare stub: its bytes as they are. There is no hello and no password at the other end. */
export const gdb: Transport<'gdb'> = { protocol: 'gdb', connect, listen };

async function connect(target: GdbClientString, options: ConnectOptions): Promise<Connection> {
  if ('device' in target) return connectLine(target, options);
  const { server, port, ipv6 } = target;
  const place = { ...(server !== undefined && { server }), port, ...(ipv6 && { ipv6 }) };
  const stream = await connectTcp({ role: 'client', ...place }, options).catch((error: unknown) => {
    throw ofStub(error, server ?? 'localhost', port);
  });
  const address = stream.remoteAddress ?? server ?? 'localhost';
  const host = address.includes(':') ? `[${address}]` : address;
  return { stream, peer: `gdb ${host}:${port}`, peerAddress: address };
}

/** What is to be done about a server of ours does not help where a stub should be. */
function ofStub(error: unknown, host: string, port: number): unknown {
  const { code, data, cause } = toHawserError(error);
  if (code === 'CONNECTION_REFUSED') return connectionErrors.refused(host, port, cause, true);
  if (code === 'CONNECT_TIMED_OUT')
    return connectionErrors.timedOut(host, port, Number(data.afterMs), cause, true);
  return error;
}

/** A raw line, for this process alone: no layer of ours is at the other end. */
async function connectLine(
  { device, baud }: GdbLineString,
  { signal, lineBreak = sendLineBreak }: ConnectOptions,
): Promise<Connection> {
  if (signal.aborted) throw connectionErrors.cancelled();
  const path = devicePath(device);
  const stream = await openLine(path, baud).catch((error: unknown) => {
    throw lineError(error, device, path);
  });
  // An error that nobody listens to would end the program. Whoever takes the stream adds its own.
  stream.on('error', () => undefined);
  if (signal.aborted) {
    stream.destroy();
    throw connectionErrors.cancelled();
  }
  return {
    stream,
    peer: `gdb ${device}`,
    peerAddress: `gdb ${device}`,
    sendBreak: () => lineBreak(path, baud),
  };
}

async function listen(): Promise<never> {
  throw connectionErrors.listenFailed('gdb:', 'it leads to stubs, and no server of Hawser listens by it');
}
