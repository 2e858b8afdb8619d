import { lookup } from 'node:dns/promises';
import { createConnection, isIP, type Socket } from 'node:net';
import type { SocketClient } from './connection-string/sockets.ts';
import { connectionErrors } from './errors/connection-errors.ts';
import { HawserError } from './errors/error.ts';
import { connectError } from './tcp-errors.ts';
import { CONNECT_TIMEOUT_MS, type ConnectOptions } from './transport.ts';

/** After which the next address of a name is tried beside the first (RFC 8305, section 8, recommends it). */
const ATTEMPT_DELAY_MS = 250;
/** The system's own probes for a dead peer; the frames' keep-alive is what finds it within seconds. */
export const SOCKET_OPTIONS = { noDelay: true, keepAlive: true, keepAliveInitialDelay: 30_000 } as const;

/**
 * All addresses of the name side by side, the first to answer wins. Not Node's `autoSelectFamily`: that gives an
 * address up when it goes on to the next, so that on a slow link only the last one ever had a chance.
 */
export function connectTcp(
  target: SocketClient & { readonly protocol?: string },
  options: ConnectOptions,
): Promise<Socket> {
  const { signal, timeoutMs = CONNECT_TIMEOUT_MS } = options;
  const { port, server: host = 'localhost' } = target;
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(connectionErrors.cancelled());
    const attempts = new Set<Socket>();
    const failures: Error[] = [];
    let untried: readonly string[] = [];
    let settled = false;
    let next: ReturnType<typeof setTimeout> | undefined;

    const settle = (result: Socket | HawserError) => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      clearTimeout(next);
      signal.removeEventListener('abort', cancel);
      for (const socket of attempts) if (socket !== result) socket.destroy();
      if (result instanceof HawserError) reject(result);
      else resolve(result);
    };
    const cancel = () => settle(connectionErrors.cancelled());
    const failed = (error: Error) => {
      failures.push(error);
      if (untried.length > 0) tryNext();
      else if (attempts.size === 0) settle(connectError(failures, host, port, timeoutMs));
    };
    const tryNext = () => {
      clearTimeout(next);
      const [address, ...rest] = untried;
      untried = rest;
      if (settled || address === undefined) return;
      const socket = createConnection({ host: address, port, ...SOCKET_OPTIONS });
      attempts.add(socket);
      socket.once('connect', () => settle(socket));
      // Stays for good: an error nobody listens to would end the program. Whoever takes the socket adds its own.
      socket.on('error', (error) => {
        if (attempts.delete(socket) && !settled) failed(error);
      });
      if (rest.length > 0) next = setTimeout(tryNext, ATTEMPT_DELAY_MS);
    };

    const timer = setTimeout(() => settle(connectionErrors.timedOut(host, port, timeoutMs)), timeoutMs);
    signal.addEventListener('abort', cancel, { once: true });
    addressesOf(host, target.ipv6 === true).then((addresses) => {
      untried = addresses;
      tryNext();
    }, failed);
  });
}

/** In the order to try them: the families take turns, beginning with the one that the system prefers. */
async function addressesOf(host: string, onlyIPv6: boolean): Promise<readonly string[]> {
  if (isIP(host) !== 0) return [host];
  const found = await lookup(host, { all: true, verbatim: true, family: onlyIPv6 ? 6 : 0 });
  const first = found.filter(({ family }) => family === found[0]?.family);
  const second = found.filter(({ family }) => family !== found[0]?.family);
  const turns = first.flatMap((entry, index) => [entry, ...(second[index] ? [second[index]] : [])]);
  return [...turns, ...second.slice(first.length)].map(({ address }) => address);
}
