/** Code whose unwinding an `.eh_frame` describes. */
export interface Covered {
  readonly start: bigint;
  readonly end: bigint;
}

/** Bytes of a pointer by the low half of its encoding. */
const SIZES: Readonly<Record<number, number>> = { 0: 8, 2: 2, 3: 4, 4: 8, 10: 2, 11: 4, 12: 8 };
const SIGNED = 8;
const RELATIVE_TO_ITSELF = 0x10;
const LONG_FORM = 0xffff_ffff;

/**
 * Ranges of code that the entries of an `.eh_frame` are for (64 bits, little-endian), as the LSB describes it. Ends at the first
 * entry that is not understood.
 * @param address where the section lies
 */
export function coveredBy(section: Uint8Array, address: bigint): readonly Covered[] {
  const bytes = Buffer.from(section.buffer, section.byteOffset, section.length);
  const encodings = new Map<number, number>();
  const ranges: Covered[] = [];
  for (let at = 0; at + 8 <= bytes.length; ) {
    const length = bytes.readUInt32LE(at);
    const end = at + 4 + length;
    if (length === 0 || length === LONG_FORM || end > bytes.length) break;
    const back = bytes.readUInt32LE(at + 4);
    if (back === 0) encodings.set(at, encodingOf(bytes.subarray(at + 8, end)));
    else {
      const encoding = encodings.get(at + 4 - back);
      const range = encoding === undefined ? null : rangeOf(bytes, at + 8, address, encoding);
      if (range) ranges.push(range);
    }
    at = end;
  }
  return ranges;
}

function rangeOf(bytes: Buffer, at: number, address: bigint, encoding: number): Covered | null {
  const size = SIZES[encoding & 0xf];
  if (size === undefined || at + 2 * size > bytes.length) return null;
  const raw = pointer(bytes, at, size, (encoding & SIGNED) !== 0);
  const base = encoding & RELATIVE_TO_ITSELF ? address + BigInt(at) : 0n;
  const start = BigInt.asUintN(64, base + raw);
  return { start, end: start + pointer(bytes, at + size, size, false) };
}

function pointer(bytes: Buffer, at: number, size: number, signed: boolean): bigint {
  if (size === 8) return bytes.readBigUInt64LE(at);
  return BigInt(signed ? bytes.readIntLE(at, size) : bytes.readUIntLE(at, size));
}

/** How the entries of a common part have their addresses; what follows is that behind its length and id. */
function encodingOf(common: Buffer): number {
  const zero = common.indexOf(0, 1);
  const augmentation = common.toString('latin1', 1, zero);
  if (!augmentation.startsWith('z')) return 0;
  // Behind it two factors, the register of the return address, and how long what follows is.
  let at = zero + 1;
  for (let skipped = 0; skipped < 4; skipped++) at = afterLeb(common, at);
  for (const letter of augmentation.slice(1)) {
    const encoding = common[at] ?? 0;
    if (letter === 'R') return encoding;
    if (letter === 'P') at += 1 + (SIZES[encoding & 0xf] ?? 0);
    else if (letter === 'L') at += 1;
  }
  return 0;
}

function afterLeb(bytes: Buffer, from: number): number {
  let at = from;
  while (((bytes[at] ?? 0) & 0x80) !== 0) at++;
  return at + 1;
}
