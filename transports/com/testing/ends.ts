import type { Duplex } from 'node:stream';
import type { ComClientString, ComServerString } from '../../connection-string/com.ts';
import type { Connection, Listener } from '../../transport.ts';
import { com } from '../com.ts';

/** Bytes that are known by their place. */
export function pattern(from: number, length: number, salt = 0): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  for (let at = 0; at < length; at++) bytes[at] = ((from + at) * 7 + ((from + at) >> 8) + salt) & 0xff;
  return bytes;
}

/** Sends `total` bytes of the pattern, as fast as they are taken, and ends. */
export async function send(stream: Duplex, total: number, salt = 0): Promise<void> {
  const closed = new Promise((resolve) => stream.once('close', resolve));
  for (let at = 0; at < total; at += 8192)
    if (!stream.write(pattern(at, Math.min(8192, total - at), salt)) && !stream.destroyed)
      await Promise.race([closed, new Promise((resolve) => stream.once('drain', resolve))]);
  stream.end();
}

/** Reads to the end. Rejects at the first byte that is not in its place, and when the stream breaks. */
export function receive(
  stream: Duplex,
  salt = 0,
  progress: (bytes: number) => void = () => {},
): Promise<number> {
  return new Promise((resolve, reject) => {
    let bytes = 0;
    stream.on('data', (chunk: Buffer) => {
      if (!chunk.equals(pattern(bytes, chunk.length, salt)))
        reject(new Error(`wrong bytes in ${chunk.length} from ${bytes}`));
      bytes += chunk.length;
      progress(bytes);
    });
    stream.once('end', () => resolve(bytes));
    stream.once('error', reject);
    stream.once('close', () => reject(new Error(`closed after ${bytes}`)));
  });
}

export interface Line {
  readonly device: string;
  readonly baud: number;
  readonly channel: number;
}

export const serverOf = (line: Line): ComServerString => ({ protocol: 'com', role: 'server', ...line });
export const clientOf = (line: Line): ComClientString => ({ protocol: 'com', role: 'client', ...line });

/** Ends that a test opened, all closed after it. */
export class Ends {
  readonly #open: { close(): unknown }[] = [];

  add<T extends { close(): unknown }>(opened: T): T {
    this.#open.push(opened);
    return opened;
  }

  async listen(line: Line, accept: (stream: Duplex) => void): Promise<Listener> {
    return this.add(await com.listen(serverOf(line), (connection) => accept(this.#streamOf(connection))));
  }

  async connect(line: Line, timeoutMs?: number): Promise<Duplex> {
    const signal = new AbortController().signal;
    const options = timeoutMs === undefined ? { signal } : { signal, timeoutMs };
    return this.#streamOf(await com.connect(clientOf(line), options));
  }

  /** Both ends of one connection: the one that called, the one that was called. */
  async pair(from: Line, to: Line): Promise<[Duplex, Duplex]> {
    const accepted = new Promise<Duplex>((resolve, reject) => {
      this.listen(to, resolve).catch(reject);
    });
    const called = await this.connect(from);
    return [called, await accepted];
  }

  async close(): Promise<void> {
    for (const each of this.#open.splice(0).reverse()) await each.close();
  }

  #streamOf({ stream }: Connection): Duplex {
    this.add({ close: () => stream.destroy() });
    return stream;
  }
}
