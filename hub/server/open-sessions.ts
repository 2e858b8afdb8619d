import { connectionErrors } from '../../transports/errors/connection-errors.ts';
import { toHawserError } from '../../transports/errors/error.ts';
import type { Entry, HubNotifications } from '../protocol/hub.ts';
import { keyOf } from '../store/keys.ts';
import type { HubStore } from '../store/store.ts';
import { callerErrors } from './errors.ts';
import { Follower } from './follower.ts';

export interface OpenSession {
  readonly follower: Follower;
  readonly held: Promise<{ release(): Promise<void> }>;
}

interface Connection {
  readonly id: string;
  tellSlowly(name: 'session/entries', params: HubNotifications['session/entries']): Promise<void>;
  close(reason?: ReturnType<typeof toHawserError>): void;
}

/** The sessions that one connection has open. */
export class OpenSessions {
  readonly #connection: Connection;
  readonly #store: HubStore;
  readonly #most: number;
  readonly #open = new Map<string, OpenSession>();
  #ended = false;

  constructor(connection: Connection, store: HubStore, most: number) {
    this.#connection = connection;
    this.#store = store;
    this.#most = most;
  }

  has(session: string): boolean {
    return this.#open.has(session);
  }

  /** Anew where it was open. Nothing comes before `start`. @throws HawserError `TOO_MUCH`, `LINK_LOST` */
  async add(session: string, email: string, after: number, window: number): Promise<void> {
    await this.close(session);
    // A request may still be at work when its connection has ended; nobody would end what it opens.
    if (this.#ended) throw connectionErrors.linkLost('it is closed');
    if (this.#open.size >= this.#most) throw callerErrors.tooMuch(`${this.#most} sessions are open already`);
    const follower = new Follower(this.#store.histories, {
      session,
      after,
      window,
      send: (entries: readonly Entry[]) =>
        this.#connection.tellSlowly('session/entries', { session, entries }),
      failed: (error) => this.#connection.close(toHawserError(error)),
    });
    const key = keyOf('person', session, email, this.#connection.id);
    this.#open.set(session, { follower, held: this.#store.presence.hold(key, email) });
  }

  /** From now on entries come: after the answer to the request. */
  start(session: string): void {
    const follower = this.#open.get(session)?.follower;
    setImmediate(() => void follower?.start().catch((error) => this.#connection.close(toHawserError(error))));
  }

  ack(session: string, seq: number): void {
    this.#open.get(session)?.follower.ack(seq);
  }

  async close(session: string): Promise<void> {
    const open = this.#open.get(session);
    if (!open) return;
    this.#open.delete(session);
    open.follower.end();
    await open.held.then(
      (held) => held.release(),
      () => undefined,
    );
  }

  /** With the connection, for good. */
  async end(): Promise<void> {
    this.#ended = true;
    await this.closeAll();
  }

  async closeAll(): Promise<void> {
    await Promise.all([...this.#open.keys()].map((session) => this.close(session)));
  }
}
