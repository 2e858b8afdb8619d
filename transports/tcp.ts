import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { SocketClient, SocketServer } from './connection-string/sockets.ts';
import { connectionErrors } from './errors/connection-errors.ts';
import { endpoint } from './errors/make.ts';
import { connectTcp, SOCKET_OPTIONS } from './tcp-connect.ts';
import { isPortTrouble, listenError } from './tcp-errors.ts';
import type { Connection, ConnectOptions, Listening, Transport } from './transport.ts';

/** Plain tcp. */
export const tcp: Transport<'tcp'> = {
  protocol: 'tcp',
  connect: connectSocket,
  listen: listenSocket,
};

/** Reaches a port. @throws HawserError */
export async function connectSocket(target: SocketClient, options: ConnectOptions): Promise<Connection> {
  if (target.clicon !== undefined) throw notYet();
  return connectionOf(await connectTcp(target, options));
}

/** Listens on a port, the first free one of a range. @throws HawserError */
export async function listenSocket<T extends SocketServer>(
  target: T,
  accept: (connection: Connection) => void,
): Promise<Listening<T>> {
  if (target.clicon !== undefined) throw notYet();
  const { low, high } = target.port;
  for (let port = low; ; port++) {
    const server = createServer({ ...SOCKET_OPTIONS });
    try {
      await open(server, port, target);
    } catch (error) {
      // Any trouble with one port of a range is a reason to try the next.
      if (port < high && isPortTrouble(error)) continue;
      throw listenError(error, target, port);
    }
    server.on('connection', (socket) => {
      // Stays for good: an error nobody listens to would end the program. Whoever takes the socket adds its own.
      socket.on('error', () => {});
      // Reset already: there is nobody.
      if (socket.remoteAddress === undefined) socket.destroy();
      else accept(connectionOf(socket));
    });
    // Such as too many open files on accept: the listener lives on.
    server.on('error', () => {});
    const bound = (server.address() as AddressInfo).port;
    return {
      bound: { ...target, port: { low: bound, high: low === high ? bound : high } },
      close: closing(server),
    };
  }
}

function open(server: Server, port: number, target: SocketServer): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    // Without an address Node listens on `::` with both families, or on 0.0.0.0 where there is no IPv6.
    server.listen({ port, ...address(target) }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function address({ bind, ipv6 }: SocketServer): { host?: string; ipv6Only?: boolean } {
  if (bind === undefined) return ipv6 ? { host: '::', ipv6Only: true } : {};
  return { host: ipv6 && bind.toLowerCase() === 'localhost' ? '::1' : bind, ...(ipv6 && { ipv6Only: true }) };
}

function closing(server: Server): () => Promise<void> {
  let closed: Promise<void> | undefined;
  // `close` calls back when the last connection is gone; those stay, so only the listening is waited for,
  // which ends within the call.
  return () => {
    closed ??= Promise.resolve(server.close()).then(() => undefined);
    return closed;
  };
}

function connectionOf(socket: Socket): Connection {
  const host = plainAddress(socket.remoteAddress ?? 'unknown');
  return { stream: socket, peer: `tcp ${endpoint(host, socket.remotePort ?? 0)}`, peerAddress: host };
}

/** A dual-stack socket shows IPv4 peers as `::ffff:192.0.2.5`. */
function plainAddress(address: string): string {
  return /^::ffff:(?=\d+\.)/i.test(address) ? address.slice('::ffff:'.length) : address;
}

function notYet() {
  return connectionErrors.unsupportedParameter({ offset: 4, length: 7, word: 'clicon=' }, 'Use server=.');
}
