import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const PIECE = 16 * 1024;

/** A cable between a client and a server on this machine, which a test can cut and make slow. */
export class Relay {
  readonly port: number;
  /** Milliseconds for each 16 kB that come from the server. */
  delay = 0;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #cut = false;

  private constructor(server: Server, to: number) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
    server.on('connection', (near) => this.#join(near, to));
  }

  static async to(port: number): Promise<Relay> {
    const server = createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new Relay(server, port);
  }

  /** Both ends lose each other, and whoever calls again is turned away until {@link mend}. */
  cut(): void {
    this.#cut = true;
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  mend(): void {
    this.#cut = false;
  }

  close(): void {
    this.cut();
    this.#server.close();
  }

  #join(near: Socket, to: number): void {
    if (this.#cut) {
      near.resetAndDestroy();
      return;
    }
    const far = connect({ port: to, host: '127.0.0.1', allowHalfOpen: true });
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        this.#sockets.delete(socket);
        other.destroy();
      });
    }
    near.pipe(far);
    void this.#carry(far, near);
  }

  async #carry(from: Socket, to: Socket): Promise<void> {
    try {
      for await (const data of from as AsyncIterable<Buffer>)
        for (let at = 0; at < data.length; at += PIECE) {
          const piece = data.subarray(at, at + PIECE);
          if (this.delay > 0) await sleep((this.delay * piece.length) / PIECE);
          if (!to.write(piece)) await once(to, 'drain');
        }
      to.end();
    } catch {
      to.destroy();
    }
  }
}
