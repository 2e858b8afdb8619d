import { type Half, halfOf, walkArm64 } from '../paging/arm64.ts';
import { inPages } from '../paging/pages.ts';
import type { PageEntry, ReadQuad } from '../paging/walk.ts';
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

type Physical = NonNullable<KernelMemory['physical']>;
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
  const half = halfOf({ ttbr0: 0n, ttbr1: arm64.ttbr1, tcr: arm64.tcr }, inside);
  if (half.otherGranule !== null || half.bits > 48) return null;
  const pages = new Pages(physical, half);
  if ((await pages.at(inside)).kind !== 'code') return null;
  const start = await pages.beginning(inside, 'code');
  const rodata = await pages.end(inside, 'code');
  const end = await pages.end(rodata, 'readOnly');
  if (end === rodata) return null;
  const first = await pages.read(rodata, NEAR);
  return {
    text: start - HEADER,
    rodata: { start: rodata, end },
    tables: null,
    banner: first && (findBanner(first)?.text ?? null),
  };
}

interface Page {
  readonly start: bigint;
  readonly end: bigint;
  readonly kind: Kind;
  readonly physical: bigint | null;
}

/** What is mapped how. */
class Pages {
  readonly #physical: Physical;
  readonly #tables: ReadQuad;
  readonly #half: Half;

  constructor(physical: Physical, half: Half) {
    this.#physical = physical;
    this.#tables = tablesOf(physical);
    this.#half = half;
  }

  async at(address: bigint): Promise<Page> {
    const { entries, pageSize, physical } = await walkArm64(this.#tables, this.#half, address);
    const size = BigInt(pageSize || NEAR);
    const start = address & ~(size - 1n);
    return { start, end: start + size, kind: kindOf(physical === null ? null : entries.at(-1)), physical };
  }

  /** Of what is mapped in one way around an address. */
  async beginning(address: bigint, kind: Kind): Promise<bigint> {
    let { start } = await this.at(address);
    for (let below = await this.at(start - 1n); below.kind === kind && address - start < LARGEST; ) {
      start = below.start;
      below = await this.at(start - 1n);
    }
    return start;
  }

  async end(address: bigint, kind: Kind): Promise<bigint> {
    let end = address;
    for (let page = await this.at(end); page.kind === kind && end - address < LARGEST; ) {
      end = page.end;
      page = await this.at(end);
    }
    return end;
  }

  read(address: bigint, length: number): Promise<Uint8Array | null> {
    const read = async (from: bigint, size: number) => {
      const bytes = await this.#physical(from, size);
      return { bytes: bytes ?? new Uint8Array(size), readable: bytes ? null : new Uint8Array(size) };
    };
    return inPages({ read }, async (page) => (await this.at(page)).physical, address, length);
  }
}

function kindOf(leaf: PageEntry | null | undefined): Kind {
  if (!leaf || (leaf.value & READ_ONLY) === 0n) return 'other';
  return (leaf.value & NO_EXECUTE) === 0n ? 'code' : 'readOnly';
}

/** Physical addresses of the kernel's own, by its tables; null: not mapped, or not to be read. */
export function kernelPagesArm64(
  physical: Physical,
  { ttbr1, tcr }: Arm64Roots,
): (address: bigint) => Promise<bigint | null> {
  const read = tablesOf(physical);
  return async (address) =>
    (await walkArm64(read, halfOf({ ttbr0: 0n, ttbr1, tcr }, address), address)).physical;
}

/** Each table is read once. */
function tablesOf(physical: Physical): ReadQuad {
  const tables = new Map<bigint, Promise<Uint8Array | null>>();
  return async (at) => {
    const start = at & ~0xfffn;
    const table = tables.get(start) ?? physical(start, 4096);
    tables.set(start, table);
    const bytes = await table;
    return bytes && new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(Number(at - start), true);
  };
}
