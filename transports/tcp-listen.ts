import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { endpoint } from './errors/make.ts';
import { SOCKET_OPTIONS } from './tcp-connect.ts';
import { isPortTrouble, type ListenTarget, listenError } from './tcp-errors.ts';
import type { Connection } from './transport.ts';

export interface OpenPort {
  readonly port: number;
  /** Stops listening; connections already made stay. Idempotent. */
  close(): Promise<void>;
}

/** Listens on the first free port of a range. @throws HawserError */
export async function listenTcp(
  target: ListenTarget,
  accept: (connection: Connection) => void,
): Promise<OpenPort> {
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
    return { port: (server.address() as AddressInfo).port, close: closing(server) };
  }
}

function open(server: Server, port: number, target: ListenTarget): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    // Without an address Node listens on `::` with both families, or on 0.0.0.0 where there is no IPv6.
    server.listen({ port, ...address(target) }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function address({ bind, ipv6 }: ListenTarget): { host?: string; ipv6Only?: boolean } {
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

export function connectionOf(socket: Socket): Connection {
  const host = plainAddress(socket.remoteAddress ?? 'unknown');
  return { stream: socket, peer: `tcp ${endpoint(host, socket.remotePort ?? 0)}`, peerAddress: host };
}

/** A dual-stack socket shows IPv4 peers as `::ffff:192.0.2.5`. */
function plainAddress(address: string): string {
  return /^::ffff:(?=\d+\.)/i.test(address) ? address.slice('::ffff:'.length) : address;
}
