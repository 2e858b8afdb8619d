/**
 * One message of a history's stream: some entries that follow on each other, and where those before them stand (trail.ts).
 *
 * Bytes: version (2), number of the first entry, size of all before it, count of trail levels, of each level its count and marks, then the entries.
 * Numbers are LEB128; a mark is (stream sequence, first entry), each as the difference to the mark before; an entry is its
 * instant (float64), length times two plus one where the text stands as it is, and the bytes: else those that the base64 stood for.
 */
import { storeErrors } from '../../errors.ts';
import type { StoredEntry } from '../store.ts';
import type { Mark, Trail } from './trail.ts';

const VERSION = 2;

export interface Block {
  readonly trail: Trail;
  /** Bytes of sealed text in the blocks before this one. */
  readonly before: number;
  /** At least one. */
  readonly entries: readonly StoredEntry[];
}

/** Bytes of an entry in a block, at most. */
export function sizeOf(entry: StoredEntry): number {
  return entry.sealed.length + 16;
}

export function encodeBlock({ trail, before: size, entries }: Block): Uint8Array {
  const parts: Uint8Array[] = [];
  const numbers: number[] = [VERSION, ...leb(entries[0]?.seq ?? 0), ...leb(size), ...leb(trail.length)];
  for (const level of trail) {
    numbers.push(...leb(level.length));
    let before: Mark = { seq: 0, first: 0 };
    for (const mark of level) {
      numbers.push(...leb(mark.seq - before.seq), ...leb(mark.first - before.first));
      before = mark;
    }
  }
  parts.push(Uint8Array.from(numbers));
  for (const entry of entries) parts.push(...encodeEntry(entry));
  return Buffer.concat(parts);
}

/** @throws HawserError `STORE_FAILED` for what is no block of this version. */
export function decodeBlock(bytes: Uint8Array): Block {
  const reader = new Reader(bytes);
  if (reader.byte() !== VERSION) throw damaged('it is of another version');
  let seq = reader.number();
  const before = reader.number();
  const trail = Array.from({ length: reader.count() }, () => decodeLevel(reader));
  const entries: StoredEntry[] = [];
  while (reader.left > 0) entries.push(decodeEntry(reader, seq++));
  if (entries.length === 0) throw damaged('it is empty');
  return { trail, before, entries };
}

function encodeEntry({ at, sealed }: StoredEntry): Uint8Array[] {
  const binary = Buffer.from(sealed, 'base64');
  const plain = binary.toString('base64') !== sealed;
  const data = plain ? Buffer.from(sealed, 'utf8') : binary;
  const instant = Buffer.alloc(8);
  instant.writeDoubleLE(at);
  return [instant, Uint8Array.from(leb(data.length * 2 + (plain ? 1 : 0))), data];
}

function decodeEntry(reader: Reader, seq: number): StoredEntry {
  const at = Buffer.from(reader.take(8)).readDoubleLE();
  const tag = reader.number();
  const data = Buffer.from(reader.take(Math.floor(tag / 2)));
  return { seq, at, sealed: data.toString(tag % 2 === 1 ? 'utf8' : 'base64') };
}

function decodeLevel(reader: Reader): readonly Mark[] {
  let before: Mark = { seq: 0, first: 0 };
  return Array.from({ length: reader.count() }, () => {
    before = { seq: before.seq + reader.number(), first: before.first + reader.number() };
    return before;
  });
}

/** LEB128 of a number up to 2^53. */
function leb(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) + 0x80);
    rest = Math.floor(rest / 0x80);
  }
  bytes.push(rest);
  return bytes;
}

class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  byte(): number {
    const byte = this.#bytes[this.#at++];
    if (byte === undefined) throw damaged('it ends too early');
    return byte;
  }

  number(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 0x80) {
      const byte = this.byte();
      value += (byte % 0x80) * scale;
      if (value > Number.MAX_SAFE_INTEGER) throw damaged('a number is too large');
      if (byte < 0x80) return value;
    }
  }

  /** Of things that take a byte or more each. */
  count(): number {
    const count = this.number();
    if (count > this.left) throw damaged('a count is too large');
    return count;
  }

  take(length: number): Uint8Array {
    if (length > this.left) throw damaged('it ends too early');
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }
}

const damaged = (why: string) => storeErrors.failed('read a message of a history', new Error(why));
