import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** What a stub says in place of the truth: of a request and its answer, the answer to give; null: none at all. */
export type Lie = (request: string, answer: string) => string | null;

const sum = (payload: string) =>
  [...Buffer.from(payload, 'latin1')]
    .reduce((total, byte) => (total + byte) & 0xff, 0)
    .toString(16)
    .padStart(2, '0');

const PACKET = /\$([^#]*)#[0-9a-f]{2}/g;

/** Between a debugger and a real stub: it alters answers, in packets that are in order. */
export class Liar {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** Answers altered. */
  lies = 0;

  private constructor(stub: number, lie: Lie) {
    this.#server = createServer((near) => this.#serve(near, stub, lie));
  }

  static async start(stub: number, lie: Lie): Promise<Liar> {
    const liar = new Liar(stub, lie);
    liar.#server.listen(0, '127.0.0.1');
    await once(liar.#server, 'listening');
    return liar;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #serve(near: Socket, stub: number, lie: Lie): void {
    const far = connect(stub, '127.0.0.1');
    let request = '';
    let rest = '';
    for (const socket of [near, far]) {
      this.#sockets.add(socket);
      socket.setEncoding('latin1').on('error', () => undefined);
      socket.once('close', () => {
        near.destroy();
        far.destroy();
      });
    }
    near.on('data', (text: string) => {
      for (const [, payload = ''] of text.matchAll(PACKET)) request = payload;
      far.write(text, 'latin1');
    });
    far.on('data', (text: string) => {
      const whole = rest + text;
      // A packet that has not come whole waits for its end.
      const open = whole.lastIndexOf('$');
      const end = open >= 0 && !/#../.test(whole.slice(open)) ? open : whole.length;
      rest = whole.slice(end);
      near.write(
        whole
          .slice(0, end)
          .replace(PACKET, (packet, payload: string) => this.#tell(packet, request, payload, lie)),
        'latin1',
      );
    });
  }

  #tell(packet: string, request: string, payload: string, lie: Lie): string {
    const told = lie(request, payload);
    if (told === payload) return packet;
    this.lies++;
    return told === null ? '' : `$${told}#${sum(told)}`;
  }
}
