import { halfOf, walkArm64 } from '../paging/arm64.ts';
import { inPages } from '../paging/pages.ts';
import type { ReadQuad } from '../paging/walk.ts';
import { findBanner } from './kallsyms.ts';
import type { Arm64Roots, Located, Processor } from './located.ts';
import type { KernelMemory } from './memory.ts';

/** Not to be executed by the kernel (PXN), and not to be written (AP[2]). */
const NO_EXECUTE = 1n << 53n;
const READ_ONLY = 1n << 7n;
/** Before the code that is mapped as such (`_stext`) the image has its header, of one segment (SEGMENT_ALIGN). */
const HEADER = 0x1_0000n;
/** No image's part is larger. */
const LARGEST = 128n * 1024n * 1024n;
const NEAR = 4096;

type Kind = 'code' | 'readOnly' | 'other';

/**
 * Linux's image on AArch64 (pages of 4 KB): the code around an address in it, by the page tables, and the read-only data behind.
 * Null: there is none, or the tables cannot be read.
 */
export async function locateArm64(
  memory: KernelMemory,
  { arm64, ip, vectors }: Processor,
): Promise<Located | null> {
  const { physical } = memory;
  // A processor in a program still has its vectors in the kernel.
  const inside = ip >> 63n === 1n ? ip : vectors;
  if (!arm64 || !physical || !inside) return null;
  const read = tablesOf(physical);
  const half = halfOf({ ttbr0: 0n, ttbr1: arm64.ttbr1, tcr: arm64.tcr }, inside);
  if (half.otherGranule !== null || half.bits > 48) return null;
  const at = async (address: bigint) => {
    const { entries, pageSize, physical: where } = await walkArm64(read, half, address);
    const leaf = entries.at(-1);
    const kind: Kind =
      where === null || !leaf
        ? 'other'
        : (leaf.value & READ_ONLY) === 0n
          ? 'other'
          : (leaf.value & NO_EXECUTE) === 0n
            ? 'code'
            : 'readOnly';
    return { kind, size: BigInt(pageSize || NEAR), where };
  };
  const extent = async (from: bigint, kind: Kind) => {
    let end = from;
    for (let page = await at(end); page.kind === kind && end - from < LARGEST; page = await at(end))
      end = (end & ~(page.size - 1n)) + page.size;
    return end;
  };
  const page = await at(inside);
  if (page.kind !== 'code') return null;
  let start = inside & ~(page.size - 1n);
  for (let below = await at(start - 1n); below.kind === 'code' && inside - start < LARGEST; )
    [start, below] = [(start - 1n) & ~(below.size - 1n), await at(((start - 1n) & ~(below.size - 1n)) - 1n)];
  const rodata = await extent(inside, 'code');
  const end = await extent(rodata, 'readOnly');
  if (end === rodata) return null;
  const reach = async (address: bigint, length: number) =>
    inPages(
      {
        read: async (from, size) => {
          const bytes = await physical(from, size);
          return { bytes: bytes ?? new Uint8Array(size), readable: bytes ? null : new Uint8Array(size) };
        },
      },
      async (one) => (await at(one)).where,
      address,
      length,
    );
  const first = await reach(rodata, NEAR);
  return {
    text: start - HEADER,
    rodata: { start: rodata, end },
    tables: null,
    banner: first && (findBanner(first)?.text ?? null),
  };
}

/** Physical addresses of the kernel's own, by its tables; null: not mapped, or not to be read. */
export function kernelPagesArm64(
  physical: NonNullable<KernelMemory['physical']>,
  { ttbr1, tcr }: Arm64Roots,
): (address: bigint) => Promise<bigint | null> {
  const read = tablesOf(physical);
  return async (address) =>
    (await walkArm64(read, halfOf({ ttbr0: 0n, ttbr1, tcr }, address), address)).physical;
}

/** Each table is read once. */
function tablesOf(physical: NonNullable<KernelMemory['physical']>): ReadQuad {
  const tables = new Map<bigint, Promise<Uint8Array | null>>();
  return async (at) => {
    const start = at & ~0xfffn;
    const table = tables.get(start) ?? physical(start, 4096);
    tables.set(start, table);
    const bytes = await table;
    return bytes && new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(Number(at - start), true);
  };
}
