import { alignUp, Bytes, latin1 } from './bytes.ts';

/** A symbol as /proc/kallsyms has it. */
export interface KernelSymbol {
  readonly name: string;
  /** `T`, `t`, `D`, …: nm's letters. */
  readonly type: string;
  readonly address: bigint;
}

const TOKENS = 256;
/** Names are marked so far apart. */
const MARKED = 256;
/** Fewer symbols than this no kernel has. */
const FEW = 1024;
const LONGEST_TOKEN = 64;
const SEQUENCE = Buffer.from(Array.from({ length: 10 }, (_, digit) => [0x30 + digit, 0]).flat());
const FIRST_DIGIT = 0x30;
/** Of 256 names, in bytes: what a marker can be above the one before. */
const LEAST_BLOCK = 2 * MARKED;
const LARGEST_BLOCK = 130 * MARKED;

interface Tokens {
  readonly start: number;
  /** Of the index, which ends the pair. */
  readonly end: number;
  readonly texts: readonly string[];
}

interface Names {
  readonly start: number;
  readonly count: number;
}

/**
 * Finds the tables of kallsyms in a copy of read-only data, as they lie since Linux 4.20: offsets from a base, names packed by
 * tokens, markers of 32 bits. Takes both orders: offsets first (until 6.4) and last.
 * @returns null: they are not there, or not as a whole
 */
export function findKallsyms(rodata: Uint8Array): readonly KernelSymbol[] | null {
  const bytes = new Bytes(rodata);
  for (let from = 0; ; ) {
    const digits = Buffer.from(rodata.buffer, rodata.byteOffset, rodata.length).indexOf(SEQUENCE, from);
    if (digits < 0) return null;
    from = digits + 1;
    const tokens = tokensAround(bytes, digits);
    const names = tokens && namesBefore(bytes, tokens.start);
    const addresses = names && addressesOf(bytes, tokens, names);
    if (addresses) return decode(bytes, tokens, names, addresses);
  }
}

/** The table holds each token with a zero behind it; the digits are tokens of their own. */
function tokensAround(bytes: Bytes, digits: number): Tokens | null {
  let start = digits;
  for (let token = 0; token < FIRST_DIGIT; token++) {
    let at = start - 2;
    while (at >= 0 && start - at <= LONGEST_TOKEN && bytes.u8(at) !== 0) at--;
    if (start - at > LONGEST_TOKEN) return null;
    start = at + 1;
  }
  // An empty first token would be padding: it stands on a boundary of eight.
  start = alignUp(start, 8);
  const texts: string[] = [];
  const offsets: number[] = [];
  let at = start;
  for (let token = 0; token < TOKENS; token++) {
    const text = bytes.text(at, LONGEST_TOKEN);
    texts.push(text);
    offsets.push(at - start);
    at += text.length + 1;
  }
  const index = alignUp(at, 8);
  if (!offsets.every((offset, token) => bytes.u16(index + 2 * token) === offset)) return null;
  return { start, end: index + 2 * TOKENS, texts };
}

/** Markers lie between names and tokens, in newer kernels with a table of sequences behind them. */
function namesBefore(bytes: Bytes, end: number): Names | null {
  for (let start = alignUp(end - 8, 8); start > 0; start -= 8) {
    if (bytes.u32(start) !== 0 || !isBlock(bytes, start)) continue;
    const names = namesMarkedBy(bytes, start, end);
    if (names) return names;
  }
  return null;
}

function isBlock(bytes: Bytes, at: number): boolean {
  const step = bytes.u32(at + 4) - bytes.u32(at);
  return step >= LEAST_BLOCK && step <= LARGEST_BLOCK;
}

function namesMarkedBy(bytes: Bytes, markers: number, end: number): Names | null {
  let most = 1;
  while (markers + 4 * most + 4 <= end && isBlock(bytes, markers + 4 * (most - 1))) most++;
  if (most * MARKED < FEW) return null;
  // The names end less than a block behind the last marker, and their number stands before them.
  for (let count = most; count > most - 2; count--) {
    const last = bytes.u32(markers + 4 * (count - 1));
    const least = Math.max(8, markers - last - LARGEST_BLOCK);
    for (let start = (markers - last) & ~7; start >= least; start -= 8) {
      const number = bytes.u32(start - 8);
      if (Math.ceil(number / MARKED) !== count || bytes.u32(start - 4) !== 0) continue;
      if (fits(bytes, { start, count: number }, markers)) return { start, count: number };
    }
  }
  return null;
}

function fits(bytes: Bytes, { start, count }: Names, markers: number): boolean {
  let at = start;
  for (let name = 0; name < count; name++) {
    if (name % MARKED === 0 && at - start !== bytes.u32(markers + (4 * name) / MARKED)) return false;
    const { length, size } = lengthAt(bytes, at);
    if (length === 0) return false;
    at += size + length;
  }
  return at <= markers && markers - at < 8;
}

/** Long names have a second byte of length since 6.1. */
function lengthAt(bytes: Bytes, at: number): { readonly length: number; readonly size: number } {
  const first = bytes.u8(at);
  return first & 0x80
    ? { length: (first & 0x7f) | (bytes.u8(at + 1) << 7), size: 2 }
    : { length: first, size: 1 };
}

const isKernelHalf = (address: bigint): boolean => address >> 63n === 1n;

interface Addresses {
  readonly base: bigint;
  readonly offsets: number;
}

function addressesOf(bytes: Bytes, tokens: Tokens, { start, count }: Names): Addresses | null {
  const size = alignUp(4 * count, 8);
  const before = { base: bytes.u64(start - 16), offsets: start - 16 - size };
  if (before.offsets >= 0 && isKernelHalf(before.base) && before.base % 4096n === 0n) return before;
  const offsets = alignUp(tokens.end, 8);
  const after = { base: bytes.u64(offsets + size), offsets };
  return isKernelHalf(after.base) && after.base % 4096n === 0n ? after : null;
}

function decode(bytes: Bytes, { texts }: Tokens, names: Names, { base, offsets }: Addresses): KernelSymbol[] {
  // Where symbols of processors' own data are absolute, all others count downwards from the base.
  let negative = 0;
  for (let index = 0; index < names.count; index++) if (bytes.s32(offsets + 4 * index) < 0) negative++;
  const downwards = negative > names.count / 2;
  const symbols: KernelSymbol[] = [];
  let at = names.start;
  for (let index = 0; index < names.count; index++) {
    const { length, size } = lengthAt(bytes, at);
    let text = '';
    for (const token of bytes.data.subarray(at + size, at + size + length)) text += texts[token];
    at += size + length;
    const offset = bytes.s32(offsets + 4 * index);
    symbols.push({
      type: text.slice(0, 1),
      name: text.slice(1),
      address: !downwards
        ? base + BigInt(bytes.u32(offsets + 4 * index))
        : offset < 0
          ? base - 1n - BigInt(offset)
          : BigInt(offset),
    });
  }
  return symbols;
}

/** `Linux version 6.1.0-50-amd64 (…) …`, without the line's end; null: it is not there. */
export function findBanner(bytes: Uint8Array): { readonly text: string; readonly at: number } | null {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = buffer.indexOf('Linux version '); at >= 0; at = buffer.indexOf('Linux version ', at + 1)) {
    const end = buffer.indexOf(0, at);
    const text = latin1(buffer.subarray(at, end < 0 ? at : Math.min(end, at + 1024)));
    if (/^Linux version \d+\.\d+\S* \(.+\n$/.test(text)) return { text: text.trimEnd(), at };
  }
  return null;
}
