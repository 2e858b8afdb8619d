import { createConnection, type Socket } from 'node:net';
import { connectionErrors } from '../errors/connection-errors.ts';
import { CONNECT_TIMEOUT_MS, type ConnectOptions } from '../transport.ts';

/** Opens the socket of a pipe. @throws the system's error, or HawserError `CANCELLED`, `CONNECT_TIMED_OUT` */
export function openPipe(path: string, options: ConnectOptions): Promise<Socket> {
  const { signal, timeoutMs = CONNECT_TIMEOUT_MS } = options;
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(connectionErrors.cancelled());
    const socket = createConnection(path);
    const finish = (settle: () => void) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', cancel);
      settle();
    };
    const fail = (error: Error) =>
      finish(() => {
        socket.destroy();
        reject(error);
      });
    const cancel = () => fail(connectionErrors.cancelled());
    const timer = setTimeout(
      () => fail(connectionErrors.connectFailed(path, `nothing answered within ${timeoutMs} ms`)),
      timeoutMs,
    );
    signal.addEventListener('abort', cancel, { once: true });
    // Stays for good: an error nobody listens to would end the program. Whoever takes the socket adds its own.
    socket.on('error', fail);
    socket.once('connect', () => finish(() => resolve(socket)));
  });
}

/** Nobody is behind the path: there is no socket, or its owner is dead. */
export function isDead(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ECONNREFUSED';
}

/** Whether somebody listens there. One whose queue is full (EAGAIN) lives. */
export async function isAlive(path: string): Promise<boolean> {
  try {
    const socket = await openPipe(path, { signal: new AbortController().signal });
    socket.destroy();
    return true;
  } catch (error) {
    return !isDead(error);
  }
}
