import { Bytes } from './bytes.ts';
import type { ElfMachine } from './elf.ts';
import type { Layouts } from './layouts.ts';
import type { KernelMemory } from './memory.ts';

/** A Linux kernel as those who read its structures need it. */
export interface LinuxTarget {
  readonly machine: ElfMachine;
  readonly memory: KernelMemory;
  readonly layouts: Layouts;
  /** Address of a symbol of the kernel itself; null: it has none. */
  symbol(name: string): bigint | null;
  /** Physical address of one of the kernel's own, by its page tables; left out where it follows from symbols. */
  physical?(address: bigint): Promise<bigint | null>;
  /** Throws where the command was given up. */
  check(): void;
}

/** A pointer or another word of 64 bits; null: it cannot be read. */
export async function readWord(memory: KernelMemory, address: bigint): Promise<bigint | null> {
  const bytes = await memory.read(address, 8);
  return bytes && new Bytes(bytes).u64(0);
}

/** What lies at an address, as a cursor; null: it cannot be read. */
export async function readBytes(
  memory: KernelMemory,
  address: bigint,
  length: number,
): Promise<Bytes | null> {
  const bytes = await memory.read(address, length);
  return bytes && new Bytes(bytes);
}

/** A list that leads nowhere, or in circles, ends here. */
const LONGEST_LIST = 100_000;

/**
 * Walks a list of `list_head`s: one read an element, of all that is wanted of it.
 * @param head the list's own head, which is no element
 * @param offset of the list_head in the element
 * @param span what is read of each element; it holds the list_head
 */
export async function* walkList(
  { memory, check }: Pick<LinuxTarget, 'memory' | 'check'>,
  head: bigint,
  offset: number,
  span: { readonly from: number; readonly length: number },
): AsyncIterable<{ readonly address: bigint; readonly bytes: Bytes }> {
  const seen = new Set<bigint>();
  for (let link = await readWord(memory, head); link !== null && link !== head; ) {
    check();
    if (seen.has(link) || seen.size >= LONGEST_LIST) return;
    seen.add(link);
    const address = link - BigInt(offset);
    const bytes = await readBytes(memory, address + BigInt(span.from), span.length);
    if (bytes === null) return;
    yield { address, bytes };
    link = bytes.u64(offset - span.from);
  }
}
