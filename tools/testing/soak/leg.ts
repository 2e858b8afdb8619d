import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** A way to a port of this machine that can be cut, or go silent with the connection standing. */
export class Leg {
  readonly #to: number;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(to: number) {
    this.#to = to;
    this.#server = createServer({ noDelay: true }, (socket) => this.#pass(socket));
  }

  static async open(to: number): Promise<Leg> {
    const leg = new Leg(to);
    leg.#server.listen(0, '127.0.0.1');
    await once(leg.#server, 'listening');
    return leg;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** What is on its way is lost; the next connection passes. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  silence(): void {
    for (const socket of this.#sockets) socket.pause();
  }

  speak(): void {
    for (const socket of this.#sockets) socket.resume();
  }

  close(): void {
    this.#server.close();
    this.cut();
  }

  #pass(near: Socket): void {
    const far = connect({ port: this.#to, host: '127.0.0.1', noDelay: true });
    for (const socket of [near, far]) {
      this.#sockets.add(socket);
      socket.on('error', () => undefined);
      socket.once('close', () => {
        this.#sockets.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    near.pipe(far).pipe(near);
  }
}
