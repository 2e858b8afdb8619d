import { hostname } from 'node:os';
import {
  clientStringFor,
  formatConnectionString,
  formatListing,
  isUnguarded,
  notesOn,
  parseConnectionString,
  type ServerString,
} from '../../transports/connection-string.ts';
import type { Hello } from '../../transports/hello/messages.ts';
import type { MessageLink } from '../../transports/message-link.ts';
import { Secret } from '../../transports/secret.ts';
import { openServer, type RunningServer } from '../../transports/server.ts';
import { localIdentity } from '../client/local-identity.ts';
import { PROTOCOL_VERSION, type ServerInfo } from '../protocol/session.ts';

export interface DebugServerEvents {
  /** Somebody passed hello and password. */
  accept(link: MessageLink, hello: Hello, peer: string, server: DebugServer): void;
  /** Something a person at the server should read. */
  notice(kind: 'warning' | 'verbose', text: string): void;
}

/** A listener through which clients join a session (`.server`, `-server`). */
export class DebugServer {
  readonly id: number;
  readonly connection: string;
  readonly listing: string;
  #state: ServerInfo['state'] = 'listening';
  readonly #running: RunningServer;

  private constructor(id: number, bound: ServerString, running: RunningServer) {
    this.id = id;
    this.#running = running;
    this.connection = formatConnectionString(clientStringFor(bound, hostname()));
    this.listing = formatListing(bound);
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
    });
    if (isUnguarded(target)) {
      events.notice(
        'warning',
        'WARNING: This server has no password and listens on every address: anybody on the network can run\n' +
          'anything in this session. Safer: add password=… or, for this machine alone, bind=127.0.0.1.\n',
      );
    }
    server = new DebugServer(id, running.bound, running);
    return server;
  }

  get info(): ServerInfo {
    return { id: this.id, connection: this.connection, listing: this.listing, state: this.#state };
  }

  /** Takes no more clients; those that are here stay. The port is free at once. */
  async close(): Promise<void> {
    this.#state = 'ending';
    await this.#running.close();
  }
}
