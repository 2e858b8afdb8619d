import type { KernelMemory } from './memory.ts';
import { readBytes } from './target.ts';

/** Of maple trees, as kernels since 6.1 keep mappings: kinds of nodes, how many pivots, where the slots are. */
const NODES: Readonly<
  Record<number, { readonly pivots: number; readonly slots: number; readonly leaf: boolean }>
> = {
  1: { pivots: 15, slots: 8 + 15 * 8, leaf: true },
  2: { pivots: 15, slots: 8 + 15 * 8, leaf: false },
  3: { pivots: 9, slots: 8 + 9 * 8, leaf: false },
};
const NODE_SIZE = 256;
const DEEPEST = 16;
const LAST = (1n << 64n) - 1n;

interface Slot {
  /** The last index that it is for. */
  readonly last: bigint;
  readonly entry: bigint;
}

/** Only a root may be either: a tree of one is that itself. Nodes lead to nodes, and leaves to what is kept. */
const isNode = (root: bigint): boolean => (root & 3n) === 2n;

/** The slots of a node, one read; null: it cannot be read, or is of a kind that is not known. */
async function slotsOf(
  memory: KernelMemory,
  node: bigint,
  last: bigint,
): Promise<{ readonly slots: readonly Slot[]; readonly leaf: boolean } | null> {
  const kind = NODES[Number((node >> 3n) & 15n)];
  const bytes = kind && (await readBytes(memory, node & ~0xffn, NODE_SIZE));
  if (!bytes) return null;
  const slots: Slot[] = [];
  for (let at = 0; at <= kind.pivots; at++) {
    // A pivot of zero, but for the first, ends the node: the slot is for all that remains.
    const pivot = at < kind.pivots ? bytes.u64(8 + 8 * at) : last;
    const upTo = pivot === 0n && at > 0 ? last : pivot;
    slots.push({ last: upTo, entry: bytes.u64(kind.slots + 8 * at) });
    if (upTo >= last) break;
  }
  return { slots, leaf: kind.leaf };
}

/** What a maple tree's root entry leads to at an index; null: nothing. */
export async function mapleEntryAt(
  memory: KernelMemory,
  root: bigint,
  index: bigint,
): Promise<bigint | null> {
  if (!isNode(root)) return root || null;
  let slot: Slot = { last: LAST, entry: root };
  for (let depth = 0; depth < DEEPEST; depth++) {
    const node = await slotsOf(memory, slot.entry, slot.last);
    const next = node?.slots.find(({ last }) => index <= last);
    if (!node || !next) return null;
    if (node.leaf) return next.entry || null;
    slot = next;
  }
  return null;
}

/** All that a maple tree leads to, by its indexes; what cannot be read is left out. */
export async function* mapleEntries(memory: KernelMemory, root: bigint): AsyncIterable<bigint> {
  if (isNode(root)) yield* entriesBelow(memory, { last: LAST, entry: root }, 0);
  else if (root !== 0n) yield root;
}

async function* entriesBelow(
  memory: KernelMemory,
  { entry, last }: Slot,
  depth: number,
): AsyncIterable<bigint> {
  const node = depth < DEEPEST ? await slotsOf(memory, entry, last) : null;
  for (const slot of node?.slots ?? []) {
    if (slot.entry === 0n) continue;
    if (node?.leaf) yield slot.entry;
    else yield* entriesBelow(memory, slot, depth + 1);
  }
}
