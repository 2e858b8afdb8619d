import type { Backend } from '../../backend/backend.ts';
import { type Covered, coveredBy } from '../../images/eh-frame.ts';

/** A section larger than this has all code described, as compilers make it: it is not read for that. */
const LARGEST = 4 * 1024 * 1024;

const EVERYTHING: Covered = { start: 0n, end: 1n << 64n };

/** What a program's own files say of unwinding its code. */
export class UnwindTables {
  readonly #backend: Backend;
  #sections: Promise<readonly Covered[]> | null = null;
  readonly #read = new Map<bigint, Promise<readonly Covered[]>>();

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  /** Whether the code at an address, in a module of that extent, is described. */
  async describes(address: bigint, module: Covered): Promise<boolean> {
    this.#sections ??= this.#list();
    const own = (await this.#sections).filter(({ start }) => start >= module.start && start < module.end);
    for (const section of own) {
      if (section.end - section.start > LARGEST) return true;
      const read = this.#read.get(section.start) ?? this.#covered(section);
      this.#read.set(section.start, read);
      if ((await read).some(({ start, end }) => address >= start && address < end)) return true;
    }
    return false;
  }

  /** Of all files that GDB has, where they lie. */
  async #list(): Promise<readonly Covered[]> {
    const listed = await this.#backend.raw('maint info sections -all-objects .eh_frame');
    return [...listed.matchAll(/0x([0-9a-f]+)->0x([0-9a-f]+) at 0x[0-9a-f]+: \.eh_frame\s/g)].map(
      ([, start, end]) => ({ start: BigInt(`0x${start}`), end: BigInt(`0x${end}`) }),
    );
  }

  /** What nobody has looked at there may not be in memory: GDB reads it from the file, and all code is taken to be in it. */
  async #covered({ start, end }: Covered): Promise<readonly Covered[]> {
    const { bytes, readable } = await this.#backend.readMemory(start, Number(end - start));
    return readable === null ? coveredBy(bytes, start) : [EVERYTHING];
  }
}
