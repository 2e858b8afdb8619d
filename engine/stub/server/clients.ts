import { createHash } from 'node:crypto';
import { connectionErrors } from '../../../transports/errors/connection-errors.ts';
import type { HawserError } from '../../../transports/errors/error.ts';
import type { Framed } from '../../../transports/frames/framed.ts';
import type { Hello } from '../../../transports/hello/messages.ts';
import type { MessageLink } from '../../../transports/message-link.ts';
import type { ServedClient, StubPeer } from './served-client.ts';

export interface ClientsOptions<C> {
  /** How long a client whose link was lost may come back, milliseconds. */
  readonly resumeWindow: number;
  /** {@link idle} is called when nobody was here for so long, milliseconds; left out: never. */
  readonly idleAfter: number | undefined;
  readonly create: (peer: StubPeer) => C;
  /** Others than clients that use the server. */
  readonly others?: () => number;
  readonly idle: () => void;
}

const tokenKey = (token: string) => createHash('sha256').update(token).digest('base64url');

/** The clients of a server of stubs: those that are here, those whose link is lost, and those that are on their way out. */
export class Clients<C extends ServedClient> implements Iterable<C> {
  readonly #options: ClientsOptions<C>;
  readonly #clients = new Set<C>();
  readonly #byToken = new Map<string, C>();
  /** Whose link is lost: when their time is over. */
  readonly #away = new Map<C, NodeJS.Timeout>();
  /** Clients that have gone, until all they had is let go. */
  readonly #leaving = new Set<Promise<void>>();
  #idle: NodeJS.Timeout | null = null;
  #closing = false;

  constructor(options: ClientsOptions<C>) {
    this.#options = options;
  }

  [Symbol.iterator](): Iterator<C> {
    return this.#clients[Symbol.iterator]();
  }

  get size(): number {
    return this.#clients.size;
  }

  get closing(): boolean {
    return this.#closing;
  }

  /** Somebody passed the hello: one who comes back, or a new one. */
  accept(link: MessageLink, { client: { host, user }, resume }: Hello, via: string, framed: Framed): void {
    if (this.#closing) {
      link.close(connectionErrors.serverEnded());
      return;
    }
    if (this.#idle) clearTimeout(this.#idle);
    this.#idle = null;
    let client = resume === undefined ? undefined : this.#byToken.get(tokenKey(resume));
    if (client) {
      clearTimeout(this.#away.get(client));
      this.#away.delete(client);
      client.peer = { ...client.peer, via };
    } else {
      client = this.#options.create({ host, user, via });
      this.#clients.add(client);
      this.#byToken.set(tokenKey(client.token), client);
    }
    client.bind(link, framed);
  }

  linkClosed(client: C, lost: boolean): void {
    if (!this.#clients.has(client)) return;
    const { resumeWindow } = this.#options;
    if (!lost || !client.begun || resumeWindow === 0) this.#remove(client);
    else
      this.#away.set(
        client,
        setTimeout(() => this.#remove(client), resumeWindow),
      );
  }

  /** Counts anew how long nobody is here. */
  countIdle(): void {
    const { idleAfter, others, idle } = this.#options;
    if (idleAfter === undefined || this.#closing) return;
    if (this.#idle) clearTimeout(this.#idle);
    this.#idle = null;
    if (this.#clients.size > 0 || (others?.() ?? 0) > 0) return;
    this.#idle = setTimeout(idle, idleAfter);
  }

  /** All are told that the server has ended, and what they hold is let go. */
  async close(): Promise<void> {
    this.#closing = true;
    if (this.#idle) clearTimeout(this.#idle);
    for (const timer of this.#away.values()) clearTimeout(timer);
    for (const client of [...this.#clients]) this.#remove(client, connectionErrors.serverEnded());
    while (this.#leaving.size > 0) await Promise.all(this.#leaving);
  }

  #remove(client: C, reason?: HawserError): void {
    this.#away.delete(client);
    this.#clients.delete(client);
    this.#byToken.delete(tokenKey(client.token));
    const leaving = client.end(reason).finally(() => this.#leaving.delete(leaving));
    this.#leaving.add(leaving);
    this.countIdle();
  }
}
