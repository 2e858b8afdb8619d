import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** Shares TCP connections out among ports of this machine, in turn; one where nobody listens is passed over. */
export class Balancer {
  /** Connections given to each port so far. */
  readonly given = new Map<number, number>();
  readonly #ports: readonly number[];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #turn = 0;

  private constructor(ports: readonly number[]) {
    this.#ports = ports;
    this.#server = createServer((socket) => {
      this.#hold(socket);
      this.#pass(socket, this.#turn++, ports.length);
    });
  }

  static async start(ports: readonly number[]): Promise<Balancer> {
    const made = new Balancer(ports);
    made.#server.listen(0, '127.0.0.1');
    await once(made.#server, 'listening');
    return made;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #pass(from: Socket, turn: number, tries: number): void {
    const port = this.#ports[turn % this.#ports.length] ?? 0;
    const to = connect(port, '127.0.0.1');
    this.#hold(to);
    to.once('error', () => {
      if (tries > 1 && !from.destroyed) this.#pass(from, turn + 1, tries - 1);
      else from.destroy();
    });
    to.once('connect', () => {
      this.given.set(port, (this.given.get(port) ?? 0) + 1);
      to.removeAllListeners('error').on('error', () => undefined);
      from.once('close', () => to.destroy());
      to.once('close', () => from.destroy());
      from.pipe(to).pipe(from);
    });
  }

  #hold(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => this.#sockets.delete(socket));
  }
}
