import type { SocketClient, SocketServer } from './connection-string/sockets.ts';
import { callClient } from './reverse/call.ts';
import { waitForCall } from './reverse/wait.ts';
import { connectTcp } from './tcp-connect.ts';
import { connectionOf, listenTcp } from './tcp-listen.ts';
import type { Connection, ConnectOptions, Listening, ListenOptions, Transport } from './transport.ts';

/** Plain tcp. */
export const tcp: Transport<'tcp'> = {
  protocol: 'tcp',
  connect: connectSocket,
  listen: listenSocket,
};

/** Reaches a port; with `clicon` waits on one of its own to be called. @throws HawserError */
export async function connectSocket(
  target: SocketClient & { readonly protocol?: string },
  options: ConnectOptions,
): Promise<Connection> {
  if (target.clicon !== undefined) return waitForCall({ ...target, clicon: target.clicon }, options);
  return connectionOf(await connectTcp(target, options));
}

/** Listens on a port, the first free one of a range; with `clicon` calls the client. @throws HawserError */
export async function listenSocket<T extends SocketServer>(
  target: T,
  accept: (connection: Connection) => void,
  options: ListenOptions = {},
): Promise<Listening<T>> {
  const { clicon } = target;
  if (clicon !== undefined) return { bound: target, ...callClient({ ...target, clicon }, accept, options) };
  const { low, high } = target.port;
  const { port, close } = await listenTcp(target, accept);
  return { bound: { ...target, port: { low: port, high: low === high ? port : high } }, close };
}
