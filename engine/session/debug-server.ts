import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  clientStringFor,
  formatConnectionString,
  formatListing,
  isUnguarded,
  notesOn,
  parseConnectionString,
  type ServerString,
} from '../../transports/connection-string.ts';
import { listingOf, openRelay, type Registered, registerServer } from '../../transports/directory/index.ts';
import type { Hello } from '../../transports/hello/messages.ts';
import type { MessageLink } from '../../transports/message-link.ts';
import { Secret } from '../../transports/secret.ts';
import { openServer, type RunningServer } from '../../transports/server.ts';
import { localIdentity } from '../client/local-identity.ts';
import { PROTOCOL_VERSION, type Role, type ServerInfo } from '../protocol/session.ts';

export interface DebugServerEvents {
  /** Somebody passed hello and password. */
  accept(link: MessageLink, hello: Hello, peer: string, server: DebugServer): void;
  /** Something a person at the server should read. */
  notice(kind: 'warning' | 'verbose', text: string): void;
}

/** A directory that does not answer holds up no server. */
const LISTED_WITHIN_MS = 300;

/** A listener through which clients join a session (`.server`, `-server`). */
export class DebugServer {
  readonly id: number;
  readonly connection: string;
  readonly listing: string;
  /** Of those who join through it. */
  readonly grants: Role;
  #state: ServerInfo['state'] = 'listening';
  readonly #running: RunningServer;
  readonly #registered: Registered | null;

  private constructor(id: number, running: RunningServer, registered: Registered | null) {
    const { bound } = running;
    this.id = id;
    this.#running = running;
    this.#registered = registered;
    this.connection = formatConnectionString(clientStringFor(bound, hostname()));
    this.listing = formatListing(bound);
    this.grants = bound.grants ?? 'controller';
  }

  /**
   * @param text the server form of a connection string
   * @param password instead of one in the string
   * @throws HawserError for what is wrong with the string, or why it cannot listen
   */
  static async start(
    id: number,
    text: string,
    password: string | undefined,
    version: string,
    events: DebugServerEvents,
  ): Promise<DebugServer> {
    const parsed = parseConnectionString(text, { role: 'server', backslashes: 'strip' });
    const target: ServerString =
      password !== undefined && parsed.password === undefined
        ? { ...parsed, password: new Secret(password) }
        : parsed;
    for (const note of notesOn(target)) events.notice('verbose', `${note}\n`);
    let server: DebugServer | null = null;
    const running = await openServer(target, {
      kind: 'debugger',
      version: PROTOCOL_VERSION,
      identity: localIdentity('hawser', version),
      accept: (link, hello, peer) => {
        if (server) events.accept(link, hello, peer, server);
        else link.destroy();
      },
      refused: (error, peer) => {
        // Who went away before saying anything is no news: port scanners and health checks do it all day.
        if (error.code === 'LINK_LOST' || error.code === 'CANCELLED') return;
        events.notice('verbose', `Refused ${peer}. ${error.message}\n`);
      },
      notice: (said) => events.notice('verbose', `${said}\n`),
    });
    if (isUnguarded(target)) {
      events.notice(
        'warning',
        'WARNING: This server has no password and listens on every address: anybody on the network can run\n' +
          'anything in this session. Safer: add password=…, use ssl: with a certificate or, for this machine\n' +
          'alone, bind=127.0.0.1.\n',
      );
    }
    const registered = register(running, version, (text) => events.notice('verbose', `${text}\n`));
    server = new DebugServer(id, running, registered);
    // So that who reads that it started finds it in the list, as a rule.
    await Promise.race([registered?.settled, sleep(LISTED_WITHIN_MS, undefined, { ref: false })]);
    return server;
  }

  get info(): ServerInfo {
    return { id: this.id, connection: this.connection, listing: this.listing, state: this.#state };
  }

  /** Takes no more clients; those that are here stay. The port is free at once. */
  async close(): Promise<void> {
    this.#state = 'ending';
    await Promise.all([this.#running.close(), this.#registered?.close()]);
  }
}

/** Puts the server into this machine's directory, unless it is hidden. */
function register(
  { bound, adopt }: RunningServer,
  version: string,
  trouble: (text: string) => void,
): Registered | null {
  const listing = listingOf(bound);
  if (!listing) return null;
  const { user, program } = localIdentity('hawser', version);
  const pipe = adopt &&
    'pipe' in bound && {
      name: bound.pipe,
      open: (caller: string) => openRelay(caller, (socket) => adopt(socket, caller)),
    };
  const server = { kind: 'debugger', ...listing, user, program, started: Date.now() } as const;
  return registerServer({ server, trouble, ...(pipe && { pipe }) });
}
