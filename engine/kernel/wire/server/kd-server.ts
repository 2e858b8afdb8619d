import { connectionErrors } from '../../../../transports/errors/connection-errors.ts';
import { ListedServer } from '../../../server/listed-server.ts';
import { Clients } from '../../../stub/server/clients.ts';
import type { OpenWireOptions } from '../open.ts';
import { KdClient, type KdHost } from './kd-client.ts';
import { WiresInUse } from './wires.ts';

export interface KdServerOptions {
  /** The server form of a connection string. */
  readonly connection: string;
  /** Instead of one in the string. */
  readonly password: string | undefined;
  /** Hawser's own. */
  readonly version: string;
  /** Where what clients leave out of their wires comes from: `_NT_DEBUG_PORT`, `_NT_DEBUG_BAUD_RATE`. */
  readonly variables: NodeJS.ProcessEnv;
  /** How long a client whose link was lost may come back, milliseconds. */
  readonly resumeWindow?: number;
  /** Ends by itself when nobody was connected for so long, milliseconds. */
  readonly idle?: number;
  readonly lineBreak?: OpenWireOptions['lineBreak'];
  /** Something a person at the server should read. */
  readonly notice: (kind: 'warning' | 'verbose', text: string) => void;
}

/** As of a session. */
const RESUME_WINDOW = 5 * 60_000;

/**
 * A KD connection server: holds the wires that lead from this machine to kernels, and opens them for debuggers elsewhere. Any
 * number of clients, one user a wire. When a client is gone for good, the kernel that it halted is let go.
 */
export class KdServer {
  readonly #clients: Clients<KdClient>;
  #listener: ListedServer | null = null;
  #closing: Promise<void> | null = null;
  #ended: () => void = () => undefined;
  /** Resolves when it has ended: told to, or idle for too long. */
  readonly ended: Promise<void>;

  private constructor(options: KdServerOptions) {
    this.ended = new Promise((resolve) => {
      this.#ended = resolve;
    });
    const resumeWindow = options.resumeWindow ?? RESUME_WINDOW;
    const { variables, version, lineBreak } = options;
    const host: KdHost = {
      wires: new WiresInUse(),
      variables,
      version,
      implicitCommandLine: null,
      resumeWindow,
      ...(lineBreak && { lineBreak }),
      linkClosed: (client, lost) => this.#clients.linkClosed(client as KdClient, lost),
      endServer: () => void this.close(),
    };
    this.#clients = new Clients({
      resumeWindow,
      idleAfter: options.idle,
      create: (peer) => new KdClient(peer, host),
      idle: () => void this.close(),
    });
  }

  /** @throws HawserError for what is wrong with the string, or why it cannot listen */
  static async start(options: KdServerOptions): Promise<KdServer> {
    const server = new KdServer(options);
    server.#listener = await ListedServer.start(options.connection, options.password, {
      kind: 'kd',
      program: 'hawser kdsrv',
      version: options.version,
      unguarded: 'take\nthe wires of this machine, and with them the kernels behind',
      accept: (link, hello, peer, framed) => server.#clients.accept(link, hello, peer, framed),
      admit: () => (server.#closing ? connectionErrors.serverEnded() : null),
      notice: options.notice,
    });
    server.#clients.countIdle();
    await server.#listener.listed();
    return server;
  }

  /** What a client types to reach it, the password as `*`. */
  get connection(): string {
    return this.#listener?.connection ?? '';
  }

  get clients(): number {
    return this.#clients.size;
  }

  /** Ends it: clients are told, the kernels behind its wires are let go. Idempotent. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const closed = this.#listener?.close();
    await this.#clients.close();
    await closed;
    this.#ended();
  }
}
