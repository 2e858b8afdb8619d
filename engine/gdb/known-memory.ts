import type { MemoryBlock } from '../backend/types.ts';

/** As the kernel maps memory: a page can be read or not, never half of it. */
const PAGE = 4096n;
/** Kept at most; then all of it goes. */
const MOST_PAGES = 4096;
/** Longer reads are passed on as they are. */
const LONGEST = 256 * 1024;

type Read = (address: bigint, length: number) => Promise<MemoryBlock>;

interface Page {
  readonly bytes: Uint8Array;
  readonly readable: Uint8Array | null;
}

/** Memory by pages, read once for as long as nothing can have changed it. */
export class KnownMemory {
  readonly #read: Read;
  readonly #changes: () => number;
  readonly #pages = new Map<bigint, Page>();
  #valid = -1;

  /** @param changes a count that grows with everything after which memory may differ */
  constructor(read: Read, changes: () => number) {
    this.#read = read;
    this.#changes = changes;
  }

  async read(address: bigint, length: number): Promise<MemoryBlock> {
    const first = (address / PAGE) * PAGE;
    const end = address + BigInt(length);
    // At the very end of the addresses a page's end is no address any more.
    if (length <= 0 || length > LONGEST || end > 0xffff_ffff_ffff_f000n) return this.#read(address, length);
    this.#forgetOld();
    await this.#fill(first, end);
    const bytes = new Uint8Array(length);
    const readable = new Uint8Array(length).fill(1);
    let whole = true;
    for (let at = first; at < end; at += PAGE) {
      const page = this.#pages.get(at);
      if (!page) return this.#read(address, length);
      const from = at < address ? Number(address - at) : 0;
      const to = Math.min(Number(PAGE), Number(end - at));
      const place = Number(at + BigInt(from) - address);
      bytes.set(page.bytes.subarray(from, to), place);
      if (!page.readable) continue;
      const mask = page.readable.subarray(from, to);
      readable.set(mask, place);
      whole &&= !mask.includes(0);
    }
    return { address, bytes, readable: whole ? null : readable };
  }

  #forgetOld(): void {
    if (this.#valid === this.#changes() && this.#pages.size < MOST_PAGES) return;
    this.#pages.clear();
    this.#valid = this.#changes();
  }

  /** Neighbours that are missing are read together. */
  async #fill(first: bigint, end: bigint): Promise<void> {
    for (let at = first; at < end; at += PAGE) {
      if (this.#pages.has(at)) continue;
      let stop = at + PAGE;
      while (stop < end && !this.#pages.has(stop)) stop += PAGE;
      const block = await this.#read(at, Number(stop - at));
      for (let page = at; page < stop; page += PAGE) {
        const from = Number(page - at);
        const to = from + Number(PAGE);
        const readable = block.readable?.subarray(from, to) ?? null;
        this.#pages.set(page, { bytes: block.bytes.subarray(from, to), readable });
      }
      at = stop - PAGE;
    }
  }
}
