import type { NumberedEvent } from '../protocol/session.ts';

const SEPARATOR = ',\n';

/** Whole events out of a chunk. */
export interface Cut {
  readonly bytes: Buffer;
  readonly count: number;
}

/**
 * A run of consecutive events as JSON, one a line: `{…},\n{…},\n{…}`. JSON escapes line feeds, so a line
 * feed always separates two events, and a part of a chunk is cut out without parsing or an index.
 */
export class Chunk {
  readonly first: number;
  last: number;
  /** Of the JSON. */
  byteLength = 0;
  /** One for each event while the chunk grows, so that a reader at its end costs no copy of all of it. */
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
    const piece = Buffer.from(this.last < this.first ? json : `${SEPARATOR}${json}`, 'utf8');
    this.#pieces.push(piece);
    this.byteLength += piece.byteLength;
    this.last = event.seq;
    return piece.byteLength;
  }

  /** No more events come. */
  seal(): void {
    if (this.#pieces.length === 0) return;
    this.#whole = Buffer.concat(this.#pieces, this.byteLength);
    this.#pieces = [];
  }

  /** All of a sealed chunk's bytes, or null when they are in the spool. */
  get bytes(): Buffer | null {
    return this.#whole;
  }

  /** Events after number `after`, at most about `limit` bytes and at least one; null when they are in the spool. */
  read(after: number, limit: number): Cut | null {
    if (this.#whole) return head(tail(this.#whole, this.first, after), limit);
    return this.spooled ? null : this.#readGrowing(after - this.first + 1, limit);
  }

  #readGrowing(start: number, limit: number): Cut {
    let end = start;
    let size = 0;
    for (; end < this.#pieces.length; end++) {
      const next = this.#pieces[end]?.byteLength ?? 0;
      if (end > start && size + next > limit) break;
      size += next;
    }
    const bytes = Buffer.concat(this.#pieces.slice(start, end), size);
    return { bytes: start > 0 ? bytes.subarray(SEPARATOR.length) : bytes, count: end - start };
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
export function head(bytes: Buffer, limit: number): Cut {
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
