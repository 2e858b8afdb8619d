import type { Socket } from 'node:net';
import { encodePacket, type RspPacket, RspReader } from './packets.ts';

const ACK = Buffer.from('+');

/** GDB's end: its packets, and what is answered to them. A Unix socket loses nothing, so nothing is ever sent again. */
export class GdbLine {
  readonly #socket: Socket;
  readonly #reader = new RspReader();
  #acks = true;

  constructor(socket: Socket, take: (packet: RspPacket) => void, interrupt: () => void) {
    this.#socket = socket;
    socket.on('error', () => {});
    socket.on('data', (chunk: Buffer) => {
      try {
        this.#reader.push(chunk, (item) => {
          if (item.kind === 'packet') {
            if (this.#acks) socket.write(ACK);
            take(item);
          } else if (item.kind === 'break') interrupt();
        });
      } catch {
        socket.destroy();
      }
    });
  }

  /** GDB has asked for it: after the answer, nothing is acknowledged any more. */
  endAcks(): void {
    this.#acks = false;
  }

  /** A packet with its frame. */
  pass(raw: Buffer): void {
    this.#socket.write(raw);
  }

  reply(body: string | Buffer): void {
    this.#socket.write(encodePacket(body));
  }

  end(): void {
    this.#socket.end();
  }
}
