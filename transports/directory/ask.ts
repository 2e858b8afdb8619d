import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectionErrors } from '../errors/connection-errors.ts';
import { HawserError } from '../errors/error.ts';
import { endpoint } from '../errors/make.ts';
import { looksLike } from '../hello/looks.ts';
import { connectTcp } from '../tcp-connect.ts';
import { LineSocket } from './line-socket.ts';
import { answer, asRequest, type DirectoryAnswer, limits } from './messages.ts';

export interface AskOptions {
  readonly signal: AbortSignal;
  /** For all of it. */
  readonly timeoutMs: number;
}

/** The directory of this machine may be changing hands, or its door. */
const OWN_TRIES = 3;
const OWN_PAUSE_MS = 60;

/**
 * Connects to a directory. @throws HawserError as `connectTcp`, with `NO_DIRECTORY` where nothing listens
 */
export async function reachDirectory(host: string, port: number, options: AskOptions): Promise<Socket> {
  for (let tries = 1; ; tries++) {
    try {
      const target = { protocol: 'tcp', role: 'client', server: host, port } as const;
      const socket = await connectTcp(target, options);
      // On a port that systems give to outgoing connections, one may meet itself.
      if (socket.localPort !== socket.remotePort || socket.localAddress !== socket.remoteAddress)
        return socket;
      socket.destroy();
      throw connectionErrors.noDirectory(host, port);
    } catch (error) {
      const refused = error instanceof HawserError && error.code === 'CONNECTION_REFUSED';
      if (!refused) throw error;
      if (host !== '127.0.0.1' || tries === OWN_TRIES) throw connectionErrors.noDirectory(host, port, error);
      await sleep(OWN_PAUSE_MS);
    }
  }
}

/** One request, one answer. @throws HawserError; `NOT_A_DIRECTORY` when it is none */
export async function askDirectory(
  host: string,
  port: number,
  fields: object,
  options: AskOptions,
): Promise<DirectoryAnswer> {
  const { signal, timeoutMs } = options;
  const until = performance.now() + timeoutMs;
  const socket = await reachDirectory(host, port, options);
  return new Promise((resolve, reject) => {
    const finish = (settle: () => void) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', cancel);
      line.destroy();
      settle();
    };
    const fail = (error: HawserError) => finish(() => reject(error));
    const cancel = () => fail(connectionErrors.cancelled());
    const line = new LineSocket(socket, limits.answerBytes, (message) => {
      const read = answer.safeParse(message);
      if (!read.success) fail(connectionErrors.notADirectory(host, port, 'its answer cannot be read'));
      else if (read.data.hawser === 'refused') fail(HawserError.fromWire(read.data.error));
      else finish(() => resolve(read.data));
    });
    socket.ref();
    socket.once('close', () => fail(connectionErrors.notADirectory(host, port, whatClosed(line.opening))));
    const timer = setTimeout(
      () => fail(connectionErrors.noAnswer(`The directory of ${endpoint(host, port)}`, timeoutMs)),
      Math.max(1, until - performance.now()),
    );
    signal.addEventListener('abort', cancel, { once: true });
    if (signal.aborted) cancel();
    else line.send(asRequest(fields));
  });
}

function whatClosed(opening: Buffer): string {
  const looks = looksLike(opening);
  if (looks === 'closed') return 'it closed the connection without an answer';
  return looks === 'unknown' ? 'what it sent is no answer of a directory' : `it looks like ${looks}`;
}
