import { createServer, type Server, type Socket } from 'node:net';

/** Owners, and those who ask. */
const MAX_CONNECTIONS = 512;

export type Scope = 'machine' | 'network';

/** The directory's door: on this machine's loopback alone, or open to others. It never keeps the program running. */
export class Door {
  readonly #port: number;
  readonly #entered: (socket: Socket) => void;
  #server: Server | null = null;
  #scope: Scope = 'machine';

  constructor(port: number, entered: (socket: Socket) => void) {
    this.#port = port;
    this.#entered = entered;
  }

  get scope(): Scope | null {
    return this.#server && this.#scope;
  }

  /**
   * Listens, or listens elsewhere than before; connections already made stay. The port is free for a moment in between,
   * which is why who comes from this machine tries again.
   * @throws the system's error; then it is closed
   */
  async open(scope: Scope): Promise<void> {
    this.close();
    const server = createServer(this.#entered);
    server.maxConnections = MAX_CONNECTIONS;
    server.unref();
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ port: this.#port, ...(scope === 'machine' && { host: '127.0.0.1' }) }, () => {
        server.off('error', reject);
        // Such as too many open files on accept: it lives on.
        server.on('error', () => {});
        resolve();
      });
    });
    this.#server = server;
    this.#scope = scope;
  }

  close(): void {
    this.#server?.close();
    this.#server = null;
  }
}
