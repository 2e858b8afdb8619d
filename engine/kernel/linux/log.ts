import { Bytes } from './bytes.ts';
import { Shape } from './layouts.ts';
import { type LinuxTarget, readBytes, readWord } from './target.ts';

export interface LogRecord {
  readonly sequence: bigint;
  /** Nanoseconds since the start. */
  readonly time: bigint;
  /** 0: emergency … 7: debugging. */
  readonly level: number;
  readonly text: string;
}

const STATE_SHIFT = 62n;
const ID = (1n << STATE_SHIFT) - 1n;
const [COMMITTED, FINALIZED] = [1n, 2n];
const NO_TEXT = 1n;
/** A record's own number stands before its text. */
const BLOCK_HEADER = 8;

/** The ring: descriptors, what is known of each record, and their texts. */
interface Ring {
  readonly count: bigint;
  readonly descriptors: bigint;
  readonly infos: bigint;
  readonly head: bigint;
  readonly tail: bigint;
  readonly textSize: bigint;
  readonly text: bigint;
}

export async function readRing({ memory, layouts, symbol }: LinuxTarget): Promise<Ring | null> {
  const pointer = symbol('prb');
  const at = pointer === null ? null : await readWord(memory, pointer);
  const shape = await Shape.of(layouts, 'printk_ringbuffer', {
    countBits: 'desc_ring.count_bits',
    descriptors: 'desc_ring.descs',
    infos: 'desc_ring.infos',
    head: 'desc_ring.head_id',
    tail: 'desc_ring.tail_id',
    sizeBits: 'text_data_ring.size_bits',
    text: 'text_data_ring.data',
  });
  const names = ['countBits', 'descriptors', 'infos', 'head', 'tail', 'sizeBits', 'text'] as const;
  if (at === null || !names.every((name) => shape.has(name))) return null;
  const { from, length } = shape.span(names, 8);
  const bytes = await readBytes(memory, at + BigInt(from), length);
  if (bytes === null) return null;
  const word = (name: (typeof names)[number]): bigint => bytes.u64(shape.at(name) - from);
  const bits = (name: 'countBits' | 'sizeBits'): bigint =>
    1n << BigInt(Math.min(31, bytes.u32(shape.at(name) - from)));
  return {
    count: bits('countBits'),
    descriptors: word('descriptors'),
    infos: word('infos'),
    head: word('head'),
    tail: word('tail'),
    textSize: bits('sizeBits'),
    text: word('text'),
  };
}

/** A part of a ring, whose end may be its beginning. */
async function readAround(
  { memory, check }: LinuxTarget,
  at: bigint,
  size: bigint,
  from: bigint,
  length: bigint,
): Promise<Bytes | null> {
  check();
  const start = from % size;
  const first = start + length > size ? size - start : length;
  const pieces = [await memory.read(at + start, Number(first))];
  if (first < length) pieces.push(await memory.read(at, Number(length - first)));
  return pieces.some((piece) => piece === null) ? null : new Bytes(Buffer.concat(pieces as Uint8Array[]));
}

/** The last records of the kernel's log (5.10 and newer), oldest first. Null: there is no such log here. */
export async function readLog(target: LinuxTarget, most: number): Promise<readonly LogRecord[] | null> {
  const ring = await readRing(target);
  const sizes = [await target.layouts.size('prb_desc'), await target.layouts.size('printk_info')];
  const [descriptorSize, infoSize] = sizes;
  if (!ring || !descriptorSize || !infoSize) return null;
  const all = ((ring.head - ring.tail) & ID) + 1n;
  const count = [all, ring.count, BigInt(most)].reduce((a, b) => (a < b ? a : b));
  const first = (ring.head - count + 1n) & ID;
  const rows = (at: bigint, size: number) =>
    readAround(target, at, ring.count * BigInt(size), first * BigInt(size), count * BigInt(size));
  const descriptors = await rows(ring.descriptors, descriptorSize);
  const infos = await rows(ring.infos, infoSize);
  if (!descriptors || !infos) return null;
  const layout = await recordLayout(target);
  if (!layout) return null;
  const blocks = Array.from({ length: Number(count) }, (_, index) =>
    blockOf(descriptors, index * descriptorSize + layout.state, index * descriptorSize + layout.begin, {
      id: (first + BigInt(index)) & ID,
    }),
  );
  const texts = await readTexts(target, ring, blocks);
  if (!texts) return null;
  return blocks.flatMap((block, index) => {
    if (block === 'unfinished') return [];
    const at = index * infoSize;
    const length = infos.u16(at + layout.length);
    return {
      sequence: infos.u64(at + layout.sequence),
      time: infos.u64(at + layout.time),
      level: infos.u8(at + layout.level) >> 5,
      text: block === null ? '' : texts(block, length),
    };
  });
}

interface Block {
  readonly begin: bigint;
  readonly next: bigint;
}

async function recordLayout({ layouts }: LinuxTarget) {
  const state = await layouts.offset('prb_desc', 'state_var');
  const begin = await layouts.offset('prb_desc', 'text_blk_lpos');
  const sequence = await layouts.offset('printk_info', 'seq');
  const time = await layouts.offset('printk_info', 'ts_nsec');
  const length = await layouts.offset('printk_info', 'text_len');
  const facility = await layouts.offset('printk_info', 'facility');
  if (state === null || begin === null || sequence === null || time === null) return null;
  if (length === null || facility === null) return null;
  // Flags of five bits and the level's three are the byte behind the facility.
  return { state, begin, sequence, time, length, level: facility + 1 };
}

/** Where a record's text is; null: it has none; unfinished: it is being written, or its place was given away. */
function blockOf(
  descriptors: Bytes,
  stateAt: number,
  beginAt: number,
  { id }: { readonly id: bigint },
): Block | null | 'unfinished' {
  const value = descriptors.u64(stateAt);
  const state = value >> STATE_SHIFT;
  if ((value & ID) !== id || (state !== COMMITTED && state !== FINALIZED)) return 'unfinished';
  const begin = descriptors.u64(beginAt);
  return begin & NO_TEXT ? null : { begin, next: descriptors.u64(beginAt + 8) };
}

/** All texts by one read, or two where they go around the ring's end. */
async function readTexts(
  target: LinuxTarget,
  ring: Ring,
  blocks: readonly (Block | null | 'unfinished')[],
): Promise<((block: Block, length: number) => string) | null> {
  const real = blocks.filter((block) => block !== null && block !== 'unfinished');
  const [first] = real;
  const last = real.at(-1);
  if (!first || !last) return () => '';
  // One that does not fit before the ring's end lies at its beginning.
  const placeOf = ({ begin, next }: Block): bigint =>
    begin / ring.textSize === (next - 1n) / ring.textSize ? begin : next - (next % ring.textSize);
  const start = placeOf(first);
  const length = last.next - start;
  if (length <= 0n || length > ring.textSize) return null;
  const bytes = await readAround(target, ring.text, ring.textSize, start, length);
  if (!bytes) return null;
  return (block, size) => {
    const at = Number(placeOf(block) - start) + BLOCK_HEADER;
    return Buffer.from(bytes.data.subarray(at, at + size)).toString('utf8');
  };
}

/** `[    1.234567] text`, as dmesg shows a record; each line of it. */
export function logLines({ time, text }: LogRecord): string[] {
  const seconds = (time / 1_000_000_000n).toString().padStart(5);
  const micro = ((time / 1000n) % 1_000_000n).toString().padStart(6, '0');
  return text.split('\n').map((line) => `[${seconds}.${micro}] ${printable(line)}`);
}

/** What would move a terminal's cursor is shown by its number, as the kernel itself does. */
const printable = (text: string): string =>
  [...text]
    .map((letter) => {
      const code = letter.charCodeAt(0);
      return (code < 0x20 && letter !== '\t') || code === 0x7f
        ? `\\x${code.toString(16).padStart(2, '0')}`
        : letter;
    })
    .join('');
