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
import { Secret } from '../../transports/secret.ts';
import { openServer, type RunningServer, type ServerOptions } from '../../transports/server.ts';
import { localIdentity } from '../client/local-identity.ts';
import { PROTOCOL_VERSION } from '../protocol/session.ts';

export interface ListedServerOptions {
  readonly kind: ServerOptions['kind'];
  readonly program: string;
  /** Hawser's own. */
  readonly version: string;
  /** What anybody on the network can do where neither password nor certificate guards the server. */
  readonly unguarded: string;
  /** Somebody passed hello and password; not before the server has started. */
  readonly accept: ServerOptions['accept'];
  readonly admit?: ServerOptions['admit'];
  /** Something a person at the server should read. */
  readonly notice: (kind: 'warning' | 'verbose', text: string) => void;
}

/** A directory that does not answer holds up no server. */
const LISTED_WITHIN_MS = 300;

/** A listener by a connection string, in this machine's list of servers. */
export class ListedServer {
  readonly bound: ServerString;
  /** What a client types to reach it, the password as `*`. */
  readonly connection: string;
  /** As lists of servers show it. */
  readonly listing: string;
  readonly #running: RunningServer;
  readonly #registered: Registered | null;

  private constructor(running: RunningServer, registered: Registered | null) {
    const { bound } = running;
    this.#running = running;
    this.#registered = registered;
    this.bound = bound;
    this.connection = formatConnectionString(clientStringFor(bound, hostname()));
    this.listing = formatListing(bound);
  }

  /**
   * @param text the server form of a connection string
   * @param password instead of one in the string
   * @throws HawserError for what is wrong with the string, or why it cannot listen
   */
  static async start(
    text: string,
    password: string | undefined,
    options: ListedServerOptions,
  ): Promise<ListedServer> {
    const { notice } = options;
    const parsed = parseConnectionString(text, { role: 'server', backslashes: 'strip' });
    const target: ServerString =
      password !== undefined && parsed.password === undefined
        ? { ...parsed, password: new Secret(password) }
        : parsed;
    for (const note of notesOn(target)) notice('verbose', `${note}\n`);
    let started = false;
    const running = await openServer(target, {
      kind: options.kind,
      version: PROTOCOL_VERSION,
      identity: localIdentity(options.program, options.version),
      accept: (link, hello, peer, framed) => {
        if (started) options.accept(link, hello, peer, framed);
        else link.destroy();
      },
      ...(options.admit && { admit: options.admit }),
      refused: (error, peer) => {
        // Who went away before saying anything is no news: port scanners and health checks do it all day.
        if (error.code === 'LINK_LOST' || error.code === 'CANCELLED') return;
        notice('verbose', `Refused ${peer}. ${error.message}\n`);
      },
      notice: (said) => notice('verbose', `${said}\n`),
    });
    if (isUnguarded(target)) {
      notice(
        'warning',
        `WARNING: This server has no password and listens on every address: anybody on the network can ${options.unguarded}. Safer: add password=…, use ssl: with a certificate or, for this machine\n` +
          'alone, bind=127.0.0.1.\n',
      );
    }
    const registered = register(running, options);
    const server = new ListedServer(running, registered);
    started = true;
    return server;
  }

  /** Soon: so that who reads that it started finds it in the list, as a rule. */
  async listed(): Promise<void> {
    await Promise.race([this.#registered?.settled, sleep(LISTED_WITHIN_MS, undefined, { ref: false })]);
  }

  /** Takes no more clients; those that are here stay. The port is free at once. */
  async close(): Promise<void> {
    await Promise.all([this.#running.close(), this.#registered?.close()]);
  }
}

/** Puts the server into this machine's directory, unless it is hidden. */
function register({ bound, adopt }: RunningServer, options: ListedServerOptions): Registered | null {
  const listing = listingOf(bound);
  if (!listing) return null;
  const { user, program } = localIdentity(options.program, options.version);
  const pipe = adopt &&
    'pipe' in bound && {
      name: bound.pipe,
      open: (caller: string) => openRelay(caller, (socket) => adopt(socket, caller)),
    };
  const server = { kind: options.kind, ...listing, user, program, started: Date.now() };
  const trouble = (text: string) => options.notice('verbose', `${text}\n`);
  return registerServer({ server, trouble, ...(pipe && { pipe }) });
}
