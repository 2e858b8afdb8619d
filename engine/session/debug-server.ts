import type { Hello } from '../../transports/hello/messages.ts';
import type { MessageLink } from '../../transports/message-link.ts';
import type { Role, ServerInfo } from '../protocol/session.ts';
import { ListedServer } from '../server/listed-server.ts';

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
  /** Of those who join through it. */
  readonly grants: Role;
  #state: ServerInfo['state'] = 'listening';
  readonly #listener: ListedServer;

  private constructor(id: number, listener: ListedServer) {
    this.id = id;
    this.#listener = listener;
    this.connection = listener.connection;
    this.listing = listener.listing;
    this.grants = listener.bound.grants ?? 'controller';
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
    let server: DebugServer | null = null;
    const listener = await ListedServer.start(text, password, {
      kind: 'debugger',
      program: 'hawser',
      version,
      unguarded: 'run\nanything in this session',
      accept: (link, hello, peer) => {
        if (server) events.accept(link, hello, peer, server);
        else link.destroy();
      },
      notice: events.notice,
    });
    server = new DebugServer(id, listener);
    await listener.listed();
    return server;
  }

  get info(): ServerInfo {
    return { id: this.id, connection: this.connection, listing: this.listing, state: this.#state };
  }

  /** Takes no more clients; those that are here stay. The port is free at once. */
  async close(): Promise<void> {
    this.#state = 'ending';
    await this.#listener.close();
  }
}
