export const PAGE = 4096n;

/** The upper half of all addresses is the kernel's. */
export const isKernelAddress = (address: bigint): boolean => address >> 63n === 1n;

interface Block {
  readonly bytes: Uint8Array;
  /** Null: all of it was read. */
  readonly readable: Uint8Array | null;
}

/**
 * Memory whose pages lie where they lie: what is in one piece of physical memory is read at once.
 * @param translate physical address of a page; null: it is not there
 * @returns null where a part is not there
 */
export async function inPages(
  physical: { read(address: bigint, length: number): Promise<Block> },
  translate: (page: bigint) => Promise<bigint | null>,
  address: bigint,
  length: number,
): Promise<Uint8Array | null> {
  const runs: { at: bigint; size: number }[] = [];
  for (let done = 0; done < length; ) {
    const from = address + BigInt(done);
    const inPage = from & (PAGE - 1n);
    const size = Math.min(Number(PAGE - inPage), length - done);
    const page = await translate(from - inPage);
    if (page === null) return null;
    const last = runs.at(-1);
    if (last && last.at + BigInt(last.size) === page + inPage) last.size += size;
    else runs.push({ at: page + inPage, size });
    done += size;
  }
  const parts: Uint8Array[] = [];
  for (const { at, size } of runs) {
    const { bytes, readable } = await physical.read(at, size);
    if (readable !== null) return null;
    parts.push(bytes);
  }
  return Buffer.concat(parts);
}
