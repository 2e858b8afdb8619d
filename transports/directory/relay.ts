import { createServer, type Socket } from 'node:net';

/** For the caller to come, after it was introduced. */
const WAIT_MS = 10_000;
/** Open for callers that have not come yet. */
const MAX_WAITING = 16;

let waiting = 0;

/**
 * A port for one caller: the first connection from its address is taken, and the port is closed.
 * @returns the port; null when there are too many, or none can be opened
 */
export function openRelay(caller: string, take: (socket: Socket) => void): Promise<number | null> {
  if (waiting >= MAX_WAITING) return Promise.resolve(null);
  waiting++;
  const server = createServer((socket) => {
    // Stays for good: an error nobody listens to would end the program. Whoever takes the socket adds its own.
    socket.on('error', () => {});
    const from = (socket.remoteAddress ?? '').replace(/^::ffff:(?=\d)/, '');
    if (from !== caller) return void socket.destroy();
    server.close();
    socket.setNoDelay(true);
    take(socket);
  });
  server.unref();
  const timer = setTimeout(() => server.close(), WAIT_MS).unref();
  server.once('close', () => {
    waiting--;
    clearTimeout(timer);
  });
  return new Promise((resolve) => {
    server.once('error', () => {
      server.close();
      resolve(null);
    });
    server.listen({ port: 0, ...(caller === '127.0.0.1' && { host: caller }) }, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : null);
    });
  });
}
