import type { NumberedEvent } from '../protocol/session.ts';

/**
 * A run of consecutive events as JSON, one a line: `{…},\n{…},\n{…}`. JSON escapes line feeds, so a line
 * feed always separates two events, and a part of a chunk is cut out without parsing or an index.
 */
export class Chunk {
  readonly first: number;
  last: number;
  /** Of the JSON, once sealed. */
  byteLength = 0;
  #pieces: Buffer[] = [];
  #whole: Buffer | null = null;
  /** Where the bytes are when they are not here. */
  spooled: { readonly file: number; readonly offset: number } | null = null;

  constructor(first: number) {
    this.first = first;
    this.last = first - 1;
  }

  append(event: NumberedEvent): number {
    const json = JSON.stringify(event);
    const piece = Buffer.from(this.last < this.first ? json : `,\n${json}`, 'utf8');
    this.#pieces.push(piece);
    this.#whole = null;
    this.byteLength += piece.byteLength;
    this.last = event.seq;
    return piece.byteLength;
  }

  /** The bytes, or null when they are in the spool. */
  get bytes(): Buffer | null {
    if (this.spooled) return null;
    if (!this.#whole) {
      this.#whole = Buffer.concat(this.#pieces);
      this.#pieces = [this.#whole];
    }
    return this.#whole;
  }

  /** The bytes went to the spool; the memory goes. */
  release(spooled: { readonly file: number; readonly offset: number }): void {
    this.spooled = spooled;
    this.#pieces = [];
    this.#whole = null;
  }
}

/** The events after number `after` out of a chunk's bytes. */
export function tail(bytes: Buffer, first: number, after: number): Buffer {
  let start = 0;
  for (let seq = first; seq <= after; seq++) {
    const end = bytes.indexOf(0x0a, start);
    if (end < 0) return bytes.subarray(bytes.byteLength);
    start = end + 1;
  }
  return bytes.subarray(start);
}

/** At most about `limit` bytes of whole events from the start, at least one event; and how many events. */
export function head(bytes: Buffer, limit: number): { readonly bytes: Buffer; readonly count: number } {
  let count = 0;
  let start = 0;
  let end = 0;
  while (start < bytes.byteLength) {
    const feed = bytes.indexOf(0x0a, start);
    // The comma before a line feed belongs to neither event.
    const stop = feed < 0 ? bytes.byteLength : feed - 1;
    if (count > 0 && stop > limit) break;
    count++;
    end = stop;
    if (feed < 0) break;
    start = feed + 1;
  }
  return { bytes: bytes.subarray(0, end), count };
}
