import { Duplex } from 'node:stream';

/**
 * Two ends of a byte stream in memory, for tests: what one writes the other reads, with backpressure,
 * half-close and destruction as a socket has them.
 */
export function duplexPair(): [Duplex, Duplex] {
  const a = new End();
  const b = new End();
  a.other = b;
  b.other = a;
  return [a, b];
}

class End extends Duplex {
  other: End | null = null;
  #taken: (() => void) | null = null;

  constructor() {
    super({ allowHalfOpen: false, emitClose: true });
    // As transports do with their sockets: an error that nobody listens to ends no program.
    this.on('error', () => {});
  }

  override _read(): void {
    const taken = this.#taken;
    this.#taken = null;
    taken?.();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    const broken = () => Object.assign(new Error('write EPIPE'), { code: 'EPIPE' });
    // Like a socket: later, never within the writer's own call.
    setImmediate(() => {
      const { other } = this;
      if (!other || other.destroyed) done(broken());
      else if (other.push(chunk)) done();
      else other.#taken = done;
    });
  }

  override _final(done: () => void): void {
    setImmediate(() => {
      if (this.other && !this.other.destroyed) this.other.push(null);
      done();
    });
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    const { other } = this;
    const taken = this.#taken;
    this.#taken = null;
    taken?.();
    done(error);
    // A cut, not an end: only when we did not end before.
    if (other && !other.destroyed && !this.writableFinished)
      setImmediate(() => other.destroy(Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })));
  }
}
