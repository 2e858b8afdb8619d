import { connect, createServer, type Server, type Socket } from 'node:net';

/** Something between two ends that can be cut, as a cable can: at once, or after so many bytes. */
export class CutRelay {
  readonly #server: Server;
  readonly #pairs = new Set<readonly [near: Socket, far: Socket]>();
  #plugged = true;
  /** Bytes in both directions, each number one cut to come. */
  cutsAfter: number[] = [];
  cuts = 0;
  carried = 0;

  constructor(port: number) {
    this.#server = createServer((near) => {
      if (!this.#plugged) {
        near.resetAndDestroy();
        return;
      }
      const far = connect({ port, host: '127.0.0.1', noDelay: true });
      near.setNoDelay();
      const pair = [near, far] as const;
      this.#pairs.add(pair);
      for (const [from, to] of [pair, [far, near] as const]) {
        from.on('error', () => undefined);
        from.on('data', (bytes: Buffer) => this.#carry(bytes, to));
        from.on('close', () => {
          if (this.#pairs.delete(pair)) to.destroy();
        });
      }
    });
  }

  async listen(): Promise<number> {
    await new Promise<void>((done) => this.#server.listen(0, '127.0.0.1', done));
    return (this.#server.address() as { port: number }).port;
  }

  cut(): void {
    this.cuts++;
    for (const pair of [...this.#pairs]) {
      this.#pairs.delete(pair);
      for (const socket of pair) socket.resetAndDestroy();
    }
  }

  /** The near end learns of it, the far end hears nothing any more. */
  cutNear(): void {
    this.cuts++;
    for (const pair of [...this.#pairs]) {
      this.#pairs.delete(pair);
      pair[0].resetAndDestroy();
      pair[1].removeAllListeners('data');
      pair[1].pause();
      this.#halves.push(pair[1]);
    }
  }

  readonly #halves: Socket[] = [];

  unplug(): void {
    this.#plugged = false;
    this.cut();
  }

  plug(): void {
    this.#plugged = true;
  }

  close(): void {
    this.unplug();
    for (const half of this.#halves) half.destroy();
    this.#server.close();
  }

  /** The bytes on which it is cut still arrive in part. */
  #carry(bytes: Buffer, to: Socket): void {
    const [left] = this.cutsAfter;
    this.carried += bytes.length;
    if (left === undefined || left > bytes.length) {
      if (left !== undefined) this.cutsAfter[0] = left - bytes.length;
      to.write(bytes);
      return;
    }
    this.cutsAfter.shift();
    to.write(bytes.subarray(0, left), () => this.cut());
  }
}
