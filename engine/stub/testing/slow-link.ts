import { Duplex } from 'node:stream';

/** A stream whose bytes take their time, each way; bandwidth is not limited. */
export function slowLink(stream: Duplex, delayMs: number): Duplex {
  const link: Duplex = new Duplex({
    read() {},
    write(chunk: Buffer, _encoding, done) {
      setTimeout(() => stream.write(chunk), delayMs);
      done();
    },
    final(done) {
      setTimeout(() => stream.end(), delayMs);
      done();
    },
    destroy(error, done) {
      stream.destroy();
      done(error);
    },
  });
  stream.on('data', (chunk: Buffer) => setTimeout(() => link.push(chunk), delayMs));
  stream.on('end', () => setTimeout(() => link.push(null), delayMs));
  stream.on('error', (error) => link.destroy(error));
  stream.on('close', () => setTimeout(() => link.destroy(), delayMs));
  return link;
}
