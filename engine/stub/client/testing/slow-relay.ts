import { connect, createServer, type Server, type Socket } from 'node:net';

const TICK_MS = 5;

/** A link that carries so many bytes a second from the server to its client, and holds nothing: what waits, waits at the server's end. */
export class SlowRelay {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #timers = new Set<NodeJS.Timeout>();
  /** Bytes from the server that have gone through. */
  carried = 0;

  constructor(port: number, bytesPerSecond: number) {
    this.#server = createServer((near) => {
      const far = connect({ port, host: '127.0.0.1', noDelay: true });
      near.setNoDelay();
      near.on('data', (bytes) => far.write(bytes));
      far.pause();
      let due = 0;
      let last = performance.now();
      const timer = setInterval(() => {
        const now = performance.now();
        due = Math.min(due + ((now - last) * bytesPerSecond) / 1000, bytesPerSecond / 20);
        last = now;
        const bytes = far.read(Math.min(Math.floor(due), far.readableLength)) as Buffer | null;
        // Nothing to carry is no credit.
        due = bytes ? due - bytes.length : 0;
        if (!bytes) return void far.read(0);
        this.carried += bytes.length;
        near.write(bytes);
      }, TICK_MS);
      this.#timers.add(timer);
      for (const [from, to] of [
        [near, far],
        [far, near],
      ] as const) {
        this.#sockets.add(from);
        from.on('error', () => undefined);
        from.on('close', () => {
          clearInterval(timer);
          to.destroy();
        });
      }
    });
  }

  async listen(): Promise<number> {
    await new Promise<void>((done) => this.#server.listen(0, '127.0.0.1', done));
    return (this.#server.address() as { port: number }).port;
  }

  close(): void {
    for (const timer of this.#timers) clearInterval(timer);
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }
}
