import type { PageEntry, ReadQuad, Walk } from './walk.ts';

/** What says where AArch64's page tables are and how they are made: the registers of EL1. */
export interface Arm64Tables {
  readonly ttbr0: bigint;
  readonly ttbr1: bigint;
  readonly tcr: bigint;
}

/** Of a half of the address space. */
export interface Half {
  /** Its root: the table of the first level. */
  readonly root: bigint;
  /** Bits of an address that are translated. */
  readonly bits: number;
  /** Pages of 4 KB; null: of another size, in KB. */
  readonly otherGranule: number | null;
  /** `TTBR0`, `TTBR1`: the low half, and the high one. */
  readonly name: 'TTBR0' | 'TTBR1';
}

/** Bits 47 to 12. */
const ADDRESS = 0x0000_ffff_ffff_f000n;
/** A table of fewer entries needs no page of its own; bit 0 is no part of the address. */
const ROOT = 0x0000_ffff_ffff_fffen;
const LEVELS = [
  ['PXE', 39n],
  ['PPE', 30n],
  ['PDE', 21n],
  ['PTE', 12n],
] as const;
const GRANULES_0 = [null, 64, 16, 0] as const;
const GRANULES_1 = [0, 16, null, 64] as const;

/** Which half an address is in (bit 55 says so), and what is known of it. */
export function halfOf({ ttbr0, ttbr1, tcr }: Arm64Tables, address: bigint): Half {
  const high = ((address >> 55n) & 1n) === 1n;
  const field = (at: number, bits: number) => Number((tcr >> BigInt(at)) & ((1n << BigInt(bits)) - 1n));
  return {
    root: (high ? ttbr1 : ttbr0) & ROOT,
    bits: 64 - field(high ? 16 : 0, 6),
    otherGranule: (high ? GRANULES_1[field(30, 2)] : GRANULES_0[field(14, 2)]) ?? null,
    name: high ? 'TTBR1' : 'TTBR0',
  };
}

/** Walks AArch64's page tables of 4 KB, of two to four levels (up to 48 bits). */
export async function walkArm64(read: ReadQuad, { root, bits, name }: Half, address: bigint): Promise<Walk> {
  const none: Walk = { entries: [], physical: null, pageSize: 0, unreadable: null };
  // The byte on top may be a tag; what is between it and the bits that are translated has to be alike.
  const above = BigInt.asUintN(56, address) >> BigInt(bits);
  if (above !== (name === 'TTBR1' ? (1n << BigInt(56 - bits)) - 1n : 0n)) return none;
  const entries: PageEntry[] = [];
  let table = root;
  for (const [level, shift] of LEVELS.slice(4 - Math.ceil((bits - 12) / 9))) {
    // The first table may have fewer entries.
    const index = (BigInt.asUintN(bits, address) >> shift) & 511n;
    const at = table + index * 8n;
    const value = await read(at);
    if (value === null) return { ...none, entries, unreadable: at };
    const isTable = level !== 'PTE' && (value & 3n) === 3n;
    const maps = level === 'PTE' ? (value & 3n) === 3n : level !== 'PXE' && (value & 3n) === 1n;
    entries.push({ level, at, value, leaf: maps });
    if (maps) {
      const size = 1n << shift;
      const frame = value & ADDRESS & ~(size - 1n);
      return { ...none, entries, physical: frame | (address & (size - 1n)), pageSize: Number(size) };
    }
    if (!isTable) break;
    table = value & ADDRESS;
  }
  return { ...none, entries };
}

/**
 * As on x86-64, `-GLDA--KWEV`: global, large (a block), dirty (writable by hardware's own marking), accessed, not cached, written
 * through, user or kernel, writable, executable, valid. Of a table only what it forbids to all below it.
 * @param mair what kinds of memory there are; null: not known
 */
export function flagsArm64(
  { level, value, leaf }: PageEntry,
  mair: bigint | null,
  half: Half['name'],
): string {
  const bit = (at: bigint) => ((value >> at) & 1n) === 1n;
  const valid = bit(0n) ? 'V' : '-';
  if (!leaf) {
    const never = half === 'TTBR1' ? bit(59n) : bit(60n);
    return ['-------', bit(61n) ? 'K' : '-', bit(62n) ? 'R' : 'W', never ? '-' : 'E', valid].join('');
  }
  const memory = mair === null ? null : Number((mair >> (((value >> 2n) & 7n) * 8n)) & 0xffn);
  const user = bit(6n);
  // What runs it: EL0 where it may see it, else EL1.
  const never = user ? bit(54n) : bit(53n);
  return [
    '-',
    bit(11n) ? '-' : 'G',
    level === 'PTE' ? '-' : 'L',
    bit(51n) && !bit(7n) ? 'D' : '-',
    bit(10n) ? 'A' : '-',
    memory !== null && (memory < 0x10 || memory === 0x44) ? 'N' : '-',
    memory !== null && memory >= 0x80 && memory < 0xc0 ? 'T' : '-',
    user ? 'U' : 'K',
    bit(7n) ? 'R' : 'W',
    never ? '-' : 'E',
    valid,
  ].join('');
}

/** Frame number of what an entry leads to. */
export const frameOfArm64 = (value: bigint): bigint => (value & ADDRESS) >> 12n;
