import type { Socket } from 'node:net';

/** Not read by the other end, so many bytes: then it is cut off. */
const MAX_WAITING = 4 * 1024 * 1024;

/** A socket that carries JSON, a message a line, bounded in both directions. It never keeps the program running. */
export class LineSocket {
  readonly socket: Socket;
  /** The longest line that is taken, bytes; a longer one cuts the connection. */
  maxLine: number;
  /** The first bytes that came, to tell who was met. */
  opening: Buffer = Buffer.alloc(0);
  #rest: Buffer = Buffer.alloc(0);
  #closed = false;

  constructor(socket: Socket, maxLine: number, message: (value: unknown) => void) {
    this.socket = socket;
    this.maxLine = maxLine;
    socket.unref();
    socket.setNoDelay(true);
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#closed = true;
    });
    socket.on('data', (bytes) => this.#take(bytes, message));
  }

  send(message: object): void {
    if (this.#closed || !this.socket.writable) return;
    this.socket.write(`${JSON.stringify(message)}\n`);
    if (this.socket.writableLength > MAX_WAITING) this.socket.destroy();
  }

  /** Sends what is waiting, and closes. */
  end(): void {
    this.socket.end();
    const timer = setTimeout(() => this.socket.destroy(), 2_000).unref();
    this.socket.once('close', () => clearTimeout(timer));
  }

  destroy(): void {
    this.socket.destroy();
  }

  #take(bytes: Buffer, message: (value: unknown) => void): void {
    if (this.opening.length < 64) this.opening = Buffer.concat([this.opening, bytes.subarray(0, 64)]);
    this.#rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    while (!this.socket.destroyed) {
      const end = this.#rest.indexOf(0x0a);
      if ((end < 0 ? this.#rest.length : end) > this.maxLine) return void this.socket.destroy();
      if (end < 0) return;
      const text = this.#rest.subarray(0, end);
      this.#rest = this.#rest.subarray(end + 1);
      let value: unknown;
      try {
        value = JSON.parse(text.toString('utf8'));
      } catch {
        return void this.socket.destroy();
      }
      message(value);
    }
  }
}
