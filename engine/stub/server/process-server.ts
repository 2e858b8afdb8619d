import { connectionErrors } from '../../../transports/errors/connection-errors.ts';
import { ListedServer } from '../../server/listed-server.ts';
import { StubClient, type StubHost } from './client.ts';
import { Clients } from './clients.ts';
import { gdbserverVersion } from './gdbserver.ts';
import { PlainGdbServer } from './plain-gdb.ts';
import { tracerOf } from './tracees.ts';

export interface ProcessServerOptions {
  /** The server form of a connection string. */
  readonly connection: string;
  /** Instead of one in the string. */
  readonly password: string | undefined;
  /** Hawser's own. */
  readonly version: string;
  /** Default: the one of the search path. */
  readonly gdbserver?: string;
  /** What `-cimp` takes. */
  readonly implicitCommandLine: string | null;
  /** How long a client whose link was lost may come back, milliseconds. */
  readonly resumeWindow?: number;
  /** Ends by itself when nobody was connected for so long, milliseconds. */
  readonly idle?: number;
  /** Loopback port at which a plain `gdb` can use it. */
  readonly gdbPort?: number;
  /** Something a person at the server should read. */
  readonly notice: (kind: 'warning' | 'verbose', text: string) => void;
}

/** As of a session. */
const RESUME_WINDOW = 5 * 60_000;

/**
 * A process server: lets debuggers elsewhere attach to processes of this machine and start programs, through a gdbserver for
 * each target. Any number of clients at once, each with its own state. No debuggee is ended unless a debugger says so.
 */
export class ProcessServer {
  readonly #clients: Clients<StubClient>;
  readonly #host: StubHost;
  #listener: ListedServer | null = null;
  #plain: PlainGdbServer | null = null;
  #closing: Promise<void> | null = null;
  #ended: () => void = () => undefined;
  /** Resolves when it has ended: told to, or idle for too long. */
  readonly ended: Promise<void>;

  private constructor(options: ProcessServerOptions, version: string) {
    this.ended = new Promise((resolve) => {
      this.#ended = resolve;
    });
    const resumeWindow = options.resumeWindow ?? RESUME_WINDOW;
    this.#host = {
      gdbserver: options.gdbserver ?? 'gdbserver',
      gdbserverVersion: version,
      version: options.version,
      implicitCommandLine: options.implicitCommandLine,
      resumeWindow,
      holder: (tracer) => this.#holder(tracer),
      takenBy: (pid, asking) => {
        const tracer = tracerOf(pid);
        return tracer === 0 || asking.has(tracer) ? null : this.#holder(tracer);
      },
      linkClosed: (client, lost) => this.#clients.linkClosed(client as StubClient, lost),
      endServer: () => void this.close(),
    };
    this.#clients = new Clients({
      resumeWindow,
      idleAfter: options.idle,
      create: (peer) => new StubClient(peer, this.#host),
      others: () => this.#plain?.clients ?? 0,
      idle: () => void this.close(),
    });
  }

  /** @throws HawserError `GDBSERVER_MISSING`; for what is wrong with the string, or why it cannot listen */
  static async start(options: ProcessServerOptions): Promise<ProcessServer> {
    const version = await gdbserverVersion(options.gdbserver ?? 'gdbserver');
    const server = new ProcessServer(options, version);
    if (options.gdbPort !== undefined)
      server.#plain = await PlainGdbServer.start(options.gdbPort, server.#host.gdbserver, () =>
        server.#clients.countIdle(),
      );
    try {
      server.#listener = await ListedServer.start(options.connection, options.password, {
        kind: 'process',
        program: 'hawser dbgsrv',
        version: options.version,
        unguarded: 'control\nany process that this user may touch, and start programs',
        accept: (link, hello, peer, framed) => server.#clients.accept(link, hello, peer, framed),
        admit: () => (server.#closing ? connectionErrors.serverEnded() : null),
        notice: options.notice,
      });
    } catch (error) {
      await server.#plain?.close();
      throw error;
    }
    server.#clients.countIdle();
    await server.#listener.listed();
    return server;
  }

  /** What a client types to reach it, the password as `*`. */
  get connection(): string {
    return this.#listener?.connection ?? '';
  }

  /** Port for plain debuggers; null: none. */
  get gdbPort(): number | null {
    return this.#plain?.port ?? null;
  }

  get clients(): number {
    return this.#clients.size;
  }

  /** Ends it: clients are told, what they debug is let go and runs on. Idempotent. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const closed = Promise.all([this.#listener?.close(), this.#plain?.close()]);
    await this.#clients.close();
    await closed;
    this.#ended();
  }

  #holder(tracer: number): string | null {
    for (const client of this.#clients) if (client.has(tracer)) return client.who;
    return this.#plain?.holder(tracer) ?? null;
  }
}
