import { setTimeout as sleep } from 'node:timers/promises';
import type { SocketServer } from '../connection-string/sockets.ts';
import { toHawserError } from '../errors/error.ts';
import { endpoint, seconds } from '../errors/make.ts';
import { connectTcp } from '../tcp-connect.ts';
import { connectionOf } from '../tcp-listen.ts';
import type { Connection, ListenOptions } from '../transport.ts';

/** Between calls, doubled each time up to the longest: shorter than a client behind a repeater waits for its answer. */
const PAUSES = { first: 500, longest: 5_000 };
/** A call that stood for so long was no failure: the pauses begin anew. */
const STOOD_MS = 10_000;

/**
 * A server that calls its client, one call at a time, and calls again when it is refused or the call has ended.
 * @returns how to stop; a call that stands stays
 */
export function callClient(
  target: SocketServer & { readonly clicon: string },
  accept: (connection: Connection) => void,
  { notice, pauses = PAUSES }: ListenOptions,
): { close(): Promise<void> } {
  const { clicon, port, ipv6 } = target;
  const where = endpoint(clicon, port.low);
  const stopping = new AbortController();
  const { signal } = stopping;
  let pause = pauses.first;
  const again = async (why: string) => {
    notice?.(`${why} Calling again in ${seconds(pause)}.`);
    await sleep(pause, undefined, { signal }).catch(() => {});
    pause = Math.min(2 * pause, pauses.longest);
  };
  const run = async () => {
    while (!signal.aborted) {
      try {
        const to = { role: 'client', server: clicon, port: port.low, ...(ipv6 && { ipv6 }) } as const;
        const connection = connectionOf(await connectTcp(to, { signal }));
        notice?.(`Connected with ${where}.`);
        const since = performance.now();
        const ended = new Promise<void>((resolve) => connection.stream.once('close', () => resolve()));
        accept(connection);
        await ended;
        if (performance.now() - since >= STOOD_MS) pause = pauses.first;
        if (!signal.aborted) await again(`The connection with ${where} has ended.`);
      } catch (error) {
        if (!signal.aborted) await again(toHawserError(error).message);
      }
    }
  };
  notice?.(`Calling ${where}.`);
  const running = run();
  return {
    async close() {
      stopping.abort();
      // It ends by itself with a call that stands; nothing but that call is left of it.
      running.catch(() => {});
    },
  };
}
