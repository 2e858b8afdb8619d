import type { Readable } from 'node:stream';
import { imageErrors } from './errors.ts';
import type { Partial } from './partial.ts';

export interface ReceiveOptions {
  /** What is received, for people. */
  readonly what: string;
  /** More bytes than these are refused. */
  readonly limit: number;
  readonly signal: AbortSignal;
  /** After each piece; bytes so far. */
  received(done: number): void;
}

/**
 * Writes a stream behind what a part holds already, piece by piece: the stream waits for the disk.
 * @throws HawserError `FETCH_CANCELLED`, `FILE_TOO_LARGE`, `CACHE_FULL`, `CACHE_UNUSABLE`, and what the stream fails with
 */
export async function receive(stream: Readable, partial: Partial, options: ReceiveOptions): Promise<void> {
  const { what, limit, signal } = options;
  const cancel = () => stream.destroy(imageErrors.fetchCancelled(what));
  // What it fails with after this end has given up interests nobody.
  stream.on('error', () => {});
  signal.addEventListener('abort', cancel);
  try {
    if (signal.aborted) throw imageErrors.fetchCancelled(what);
    for await (const chunk of stream as AsyncIterable<Uint8Array>) {
      if (partial.done + chunk.byteLength > limit)
        throw imageErrors.fileTooLarge(what, partial.done + chunk.byteLength, limit);
      await partial.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
      if (signal.aborted) throw imageErrors.fetchCancelled(what);
      options.received(partial.done);
    }
  } finally {
    signal.removeEventListener('abort', cancel);
    stream.destroy();
  }
}
