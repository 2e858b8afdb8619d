import { walkX64 } from '../paging/x64.ts';
import { Bytes } from './bytes.ts';

/** The memory of a target that stands. */
export interface KernelMemory {
  /** Null: not all of it can be read. */
  read(address: bigint, length: number): Promise<Uint8Array | null>;
  /** By physical addresses; null where that cannot be had at all. */
  readonly physical: ((address: bigint, length: number) => Promise<Uint8Array | null>) | null;
}

/** Read at once: the wire's own pieces are smaller, a break-in comes between two of ours. */
const PIECE = 1 << 20;

/**
 * Much memory, as far as it can be read: it ends where the first piece cannot.
 * @param check called before every piece; throws to give up
 */
export async function readFar(
  memory: KernelMemory,
  address: bigint,
  length: number,
  check: () => void = () => {},
): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < length; at += PIECE) {
    check();
    const piece = await memory.read(address + BigInt(at), Math.min(PIECE, length - at));
    if (piece === null) break;
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

/** Where page tables of x86-64 begin. */
export interface Tables {
  readonly root: bigint;
  readonly fiveLevels: boolean;
}

const PAGE = 4096n;

/** The same memory; what the current processor has out of reach is read by these tables, a page at a time. */
export function throughTables(memory: KernelMemory, { root, fiveLevels }: Tables): KernelMemory {
  const { physical } = memory;
  if (physical === null) return memory;
  const pages = new Map<bigint, bigint | null>();
  const quad = async (at: bigint): Promise<bigint | null> => {
    const bytes = await physical(at, 8);
    return bytes && new Bytes(bytes).u64(0);
  };
  const walked = async (address: bigint, length: number): Promise<Uint8Array | null> => {
    const bytes = Buffer.alloc(length);
    for (let at = 0; at < length; ) {
      const from = BigInt.asUintN(64, address + BigInt(at));
      const page = from & ~(PAGE - 1n);
      if (!pages.has(page)) pages.set(page, (await walkX64(quad, root, fiveLevels, page)).physical);
      const frame = pages.get(page) ?? null;
      const size = Math.min(Number(PAGE - (from - page)), length - at);
      const part = frame === null ? null : await physical(frame + (from - page), size);
      if (part === null) return null;
      bytes.set(part, at);
      at += size;
    }
    return bytes;
  };
  return {
    physical,
    read: async (address, length) => (await memory.read(address, length)) ?? walked(address, length),
  };
}
