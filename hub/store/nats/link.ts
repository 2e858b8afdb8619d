import { setMaxListeners } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import {
  JetStreamApiError,
  type JetStreamClient,
  JetStreamError,
  type JetStreamManager,
  jetstream,
  jetstreamManager,
} from '@nats-io/jetstream';
import { errors, type NatsConnection } from '@nats-io/transport-node';
import { storeErrors } from '../../errors.ts';
import { connectTo } from './connect.ts';
import { natsErrors } from './errors.ts';
import { type NatsSettings, placesOf } from './settings.ts';

/** How long JetStream gets for one answer. */
const ANSWER_MS = 3000;
/** What is only read waits out an election (5-13 s measured), not more. */
const READ_PATIENCE_MS = 60_000;
/** After a hub's start: other servers hear later of a stream that was made just now, by this hub or by one that started beside it. */
const YOUNG_MS = 30_000;
const STREAM_NOT_FOUND = 10059;
const PAUSE_MS = { first: 50, longest: 1000 } as const;

/** One hub's connection to NATS: comes back by itself, and keeps at it until it is closed. */
export class NatsLink {
  readonly nc: NatsConnection;
  readonly js: JetStreamClient;
  readonly jsm: JetStreamManager;
  readonly #opened = performance.now();
  readonly #closing = new AbortController();

  private constructor(nc: NatsConnection, js: JetStreamClient, jsm: JetStreamManager) {
    this.nc = nc;
    this.js = js;
    this.jsm = jsm;
    setMaxListeners(0, this.#closing.signal);
  }

  /** @throws HawserError `STORE_UNREACHABLE` */
  static async open(settings: NatsSettings): Promise<NatsLink> {
    const nc = await connectTo(settings);
    const js = jetstream(nc, { timeout: ANSWER_MS });
    const link = new NatsLink(nc, js, await jetstreamManager(nc, { timeout: ANSWER_MS, checkAPI: false }));
    try {
      await link.read('reach JetStream', () => link.jsm.getAccountInfo());
      return link;
    } catch (error) {
      await link.close();
      throw natsErrors.noJetStream(
        placesOf(settings),
        error instanceof Error ? (error.cause ?? error) : error,
      );
    }
  }

  get closed(): boolean {
    return this.#closing.signal.aborted;
  }

  get signal(): AbortSignal {
    return this.#closing.signal;
  }

  /**
   * Does it until it is done: through lost servers and elections, without end. For what may be done twice without harm.
   * @throws HawserError `STORE_FAILED` for what NATS refuses, and when the hub stops
   */
  write<T>(what: string, work: () => Promise<T>): Promise<T> {
    return this.#keepAt(what, work, Number.POSITIVE_INFINITY);
  }

  /** The same for a question: given up after a minute. */
  read<T>(what: string, work: () => Promise<T>): Promise<T> {
    return this.#keepAt(what, work, READ_PATIENCE_MS);
  }

  /** @throws HawserError `STORE_FAILED` when the hub stops */
  async pause(ms: number): Promise<void> {
    try {
      await wait(ms, undefined, { signal: this.#closing.signal });
    } catch {
      throw storeErrors.closed();
    }
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.#closing.abort();
    await this.nc.close();
  }

  async #keepAt<T>(what: string, work: () => Promise<T>, patience: number): Promise<T> {
    const end = performance.now() + patience;
    for (let pause: number = PAUSE_MS.first; ; pause = Math.min(pause * 2, PAUSE_MS.longest)) {
      if (this.closed) throw storeErrors.closed();
      try {
        return await work();
      } catch (error) {
        if (this.closed) throw storeErrors.closed();
        if (isWrongLast(error)) throw error;
        if (!(passes(error) || this.#isUnheardOf(error)) || performance.now() > end)
          throw storeErrors.failed(what, error);
      }
      // Many hubs wait for the same election.
      await this.pause(pause * (0.5 + Math.random()));
    }
  }

  #isUnheardOf(error: unknown): boolean {
    const missing = error instanceof JetStreamApiError && error.code === STREAM_NOT_FOUND;
    return missing && performance.now() - this.#opened < YOUNG_MS;
  }
}

/** Another write came first. The second number: newer servers, for a key they know nothing of. */
export function isWrongLast(error: unknown): boolean {
  return error instanceof JetStreamApiError && (error.code === 10071 || error.code === 10164);
}

/** Newer servers: the same message is on its way already. */
const ID_IN_PROCESS = 10158;

/** Whether it is worth to try again: nobody leads just now, or the connection is being made anew. */
function passes(error: unknown): boolean {
  if (error instanceof JetStreamApiError)
    return error.status === 503 || error.status === 408 || error.code === ID_IN_PROCESS;
  // "JetStream is not enabled" is how the client tells of nobody's answering, at an election too.
  if (error instanceof Error && error.cause instanceof errors.RequestError) return true;
  return (
    error instanceof errors.TimeoutError ||
    error instanceof errors.RequestError ||
    error instanceof errors.ConnectionError ||
    error instanceof errors.ProtocolError ||
    error instanceof JetStreamError
  );
}
