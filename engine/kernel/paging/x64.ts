import type { PageEntry, ReadQuad, Walk } from './walk.ts';

const ADDRESS = 0x000f_ffff_ffff_f000n;
const PRESENT = 1n;
const LARGE = 0x80n;
const LEVELS = [
  ['PML5E', 48n],
  ['PXE', 39n],
  ['PPE', 30n],
  ['PDE', 21n],
  ['PTE', 12n],
] as const;

/**
 * Walks x86-64's page tables, of four or five levels.
 * @param root cr3; its low twelve bits do not count
 */
export async function walkX64(
  read: ReadQuad,
  root: bigint,
  fiveLevels: boolean,
  address: bigint,
): Promise<Walk> {
  const entries: PageEntry[] = [];
  let table = root & ADDRESS;
  for (const [level, shift] of fiveLevels ? LEVELS : LEVELS.slice(1)) {
    const at = table + ((address >> shift) & 511n) * 8n;
    const value = await read(at);
    if (value === null) return { entries, physical: null, pageSize: 0, unreadable: at };
    const canMap = level === 'PTE' || ((level === 'PDE' || level === 'PPE') && (value & LARGE) !== 0n);
    const leaf = canMap && (value & PRESENT) !== 0n;
    entries.push({ level, at, value, leaf });
    if ((value & PRESENT) === 0n) break;
    if (leaf) {
      const size = 1n << shift;
      const frame = value & ADDRESS & ~(size - 1n);
      return { entries, physical: frame | (address & (size - 1n)), pageSize: Number(size), unreadable: null };
    }
    table = value & ADDRESS;
  }
  return { entries, physical: null, pageSize: 0, unreadable: null };
}

/** `-GLDA--KWEV`, as WinDbg has it: copy on write (Linux does not say), global, large, dirty, accessed, … */
export function flagsX64({ level, value, leaf }: PageEntry): string {
  const bit = (at: bigint) => ((value >> at) & 1n) === 1n;
  return [
    '-',
    leaf && bit(8n) ? 'G' : '-',
    leaf && level !== 'PTE' ? 'L' : '-',
    leaf && bit(6n) ? 'D' : '-',
    bit(5n) ? 'A' : '-',
    bit(4n) ? 'N' : '-',
    bit(3n) ? 'T' : '-',
    bit(2n) ? 'U' : 'K',
    bit(1n) ? 'W' : 'R',
    bit(63n) ? '-' : 'E',
    bit(0n) ? 'V' : '-',
  ].join('');
}

/** Frame number of what an entry leads to. */
export const frameOf = (value: bigint): bigint => (value & ADDRESS) >> 12n;
