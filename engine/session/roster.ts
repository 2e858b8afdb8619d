import type { MessageLink } from '../../transports/message-link.ts';
import { engineErrors } from '../errors.ts';
import type { ClientInfo, Role, SessionEvent } from '../protocol/session.ts';
import { Client, type ClientHost, type LeaveReason, tokenKey } from './client.ts';

/** How long a client whose link was lost may come back, milliseconds, unless the session says otherwise. */
export const RESUME_WINDOW = 5 * 60_000;

export interface Newcomer {
  readonly host: string;
  readonly user: string;
  readonly via: string;
  readonly role: Role;
  readonly serverId: number | null;
  /** Of the session that it was in before its link was lost. */
  readonly resume?: string | undefined;
}

/** Who is in a session, and who may come back to it. */
export class Roster {
  readonly #host: Omit<ClientHost, 'linkClosed'>;
  readonly #emit: (event: SessionEvent) => void;
  readonly #resumeWindow: number;
  readonly #clients = new Map<number, Client>();
  readonly #byToken = new Map<string, Client>();
  /** Whose link is lost: when their time is over. */
  readonly #away = new Map<number, NodeJS.Timeout>();
  #lastId = 0;
  #ended = false;

  constructor(
    host: Omit<ClientHost, 'linkClosed'>,
    emit: (event: SessionEvent) => void,
    resumeWindow = RESUME_WINDOW,
  ) {
    this.#host = host;
    this.#emit = emit;
    this.#resumeWindow = resumeWindow;
  }

  get all(): IterableIterator<Client> {
    return this.#clients.values();
  }

  /** As `.clients` and every front list them. */
  get infos(): readonly ClientInfo[] {
    return [...this.#clients.values()].filter((client) => client.attached).map((client) => client.info);
  }

  get(id: number): Client | undefined {
    return this.#clients.get(id);
  }

  /** A link whose other end passed hello and password: a new client, or one that comes back. */
  welcome(link: MessageLink, who: Newcomer): void {
    const known = who.resume === undefined ? undefined : this.#byToken.get(tokenKey(who.resume));
    if (known) this.#back(known, link, who);
    else this.#join(link, who);
  }

  /** @throws nothing; false when there is no such client or nothing changes */
  setRole(id: number, role: Role): boolean {
    const client = this.#clients.get(id);
    if (!client || client.info.role === role) return false;
    client.info = { ...client.info, role };
    this.#emit({ type: 'clientChanged', client: client.info });
    return true;
  }

  /** Its link is closed with the reason; one that is away just cannot come back. */
  remove(client: Client): void {
    const timer = this.#away.get(client.info.id);
    if (!timer) {
      void client.end(engineErrors.removed(), 'removed');
      return;
    }
    clearTimeout(timer);
    this.#gone(client, 'removed');
  }

  end(): void {
    this.#ended = true;
    for (const timer of this.#away.values()) clearTimeout(timer);
    this.#away.clear();
  }

  #join(link: MessageLink, who: Newcomer): void {
    const now = Date.now();
    const { host, user, via, role, serverId } = who;
    const info: ClientInfo = { id: ++this.#lastId, host, user, via, role, lastActive: now, connectedAt: now };
    const client = new Client(info, serverId, {
      ...this.#host,
      linkClosed: (gone, reason) => this.#linkClosed(gone, reason),
    });
    this.#clients.set(info.id, client);
    this.#byToken.set(tokenKey(client.token), client);
    client.bind(link);
  }

  #back(client: Client, link: MessageLink, who: Newcomer): void {
    const { id } = client.info;
    clearTimeout(this.#away.get(id));
    this.#away.delete(id);
    const { away: _away, ...here } = client.info;
    client.info = { ...here, via: who.via };
    client.bind(link);
    this.#emit({ type: 'clientBack', client: client.info });
  }

  #linkClosed(client: Client, reason: LeaveReason): void {
    if (this.#ended) return;
    const { id } = client.info;
    const waits = reason === 'linkLost' && client.attached && client.info.via !== 'local';
    if (!waits || this.#resumeWindow === 0) {
      this.#gone(client, reason);
      return;
    }
    client.info = { ...client.info, away: true };
    this.#away.set(id, setTimeout(() => this.#gone(client, reason), this.#resumeWindow).unref());
    this.#emit({ type: 'clientAway', client: client.info, until: Date.now() + this.#resumeWindow });
  }

  #gone(client: Client, reason: LeaveReason): void {
    const { id, via } = client.info;
    this.#away.delete(id);
    this.#clients.delete(id);
    this.#byToken.delete(tokenKey(client.token));
    if (client.attached && via !== 'local') this.#emit({ type: 'clientLeft', client: client.info, reason });
  }
}
