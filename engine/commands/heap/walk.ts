import { type Arena, FAST_BIN_COUNT, type Heap, type Segment } from './arena.ts';
import type { HeapMemory } from './memory.ts';

/** cache: freed, kept by a thread for itself (tcache); fast: freed, in a list of small blocks; top: what has not been given out. */
export type ChunkState = 'busy' | 'free' | 'cache' | 'fast' | 'top';

/** A block with its header of 16 bytes. */
export interface Chunk {
  readonly address: bigint;
  readonly size: bigint;
  readonly previousSize: bigint;
  readonly flags: bigint;
  readonly state: ChunkState;
}

export interface Walked {
  readonly arena: Arena;
  readonly segment: Segment;
  readonly chunks: readonly Chunk[];
  /** What is wrong, each with where; the walk ends where it cannot go on. */
  readonly problems: readonly string[];
}

const HEADER = 16n;
const SMALLEST = 32n;
const [PREVIOUS_IN_USE, BITS] = [1n, 7n];
/** A header of this size begins a thread's own lists of freed blocks: 64 counts of two bytes, 64 pointers. */
const CACHE_SIZE = 0x290n;
const CACHE_LISTS = 64;
const PAGE_BITS = 12n;
/** A list goes in a circle by then. */
const LONGEST = 1 << 16;

const hex = (value: bigint): string => value.toString(16);

/** All blocks of an arena, part by part. */
export async function walkArena(heap: Heap, arena: Arena): Promise<Walked[]> {
  const { memory } = heap;
  const problems: string[] = [];
  const raw: { segment: Segment; chunks: Chunk[]; problems: string[] }[] = [];
  for (const segment of arena.segments) raw.push({ segment, ...(await headers(memory, arena, segment)) });
  const cached = new Set<bigint>();
  for (const { chunks } of raw)
    for (const { address, size } of chunks)
      if (size === CACHE_SIZE) await readCache(memory, address + HEADER, cached, problems);
  const fast = new Set<bigint>();
  for (let bin = 0; bin < FAST_BIN_COUNT; bin++)
    await follow(memory, (arena.fastBins[bin] ?? 0n) + HEADER, fast, problems, 'fastbin');
  return raw.map(({ segment, chunks, problems: own }, at) => ({
    arena,
    segment,
    chunks: chunks.map((chunk) =>
      cached.has(chunk.address + HEADER)
        ? { ...chunk, state: 'cache' as const }
        : fast.has(chunk.address + HEADER)
          ? { ...chunk, state: 'fast' as const }
          : chunk,
    ),
    problems: at === 0 ? [...own, ...problems] : own,
  }));
}

async function headers(memory: HeapMemory, arena: Arena, segment: Segment) {
  const chunks: Chunk[] = [];
  const problems: string[] = [];
  let before: Chunk | null = null;
  for (let at = segment.first; at + HEADER <= segment.end; ) {
    const [previousSize, word] = [await memory.word(at), await memory.word(at + 8n)];
    if (previousSize === null || word === null) {
      problems.push(`${hex(at)}: the block’s header cannot be read`);
      break;
    }
    const [size, flags] = [word & ~BITS, word & BITS];
    const isTop = at === arena.top;
    // Two headers without a block end a part that another one follows.
    if (!isTop && size <= HEADER && at + 2n * HEADER >= segment.end) break;
    const wrong = wrongSize(at, size, segment.end);
    if (wrong) {
      problems.push(`${wrong}${before ? `; the block before is ${hex(before.address + HEADER)}` : ''}`);
      break;
    }
    if (before && before.state === 'busy' && (flags & PREVIOUS_IN_USE) === 0n) {
      if (previousSize !== before.size)
        problems.push(
          `${hex(at)}: the size of the free block before it is ${hex(previousSize)} here, and ${hex(before.size)} there`,
        );
      before = { ...before, state: 'free' };
      chunks[chunks.length - 1] = before;
    }
    before = { address: at, size, previousSize, flags, state: isTop ? 'top' : 'busy' };
    chunks.push(before);
    if (isTop) break;
    at += size;
  }
  return { chunks, problems };
}

function wrongSize(at: bigint, size: bigint, end: bigint): string | null {
  const says = `${hex(at)}: the header says a size of ${hex(size)}`;
  if (size < SMALLEST) return `${says}, which is too small`;
  if (size % HEADER !== 0n) return `${says}, which is no multiple of 10`;
  return at + size > end ? `${says}, which goes beyond the heap’s end` : null;
}

/** A thread's own lists, where it is one. */
async function readCache(
  memory: HeapMemory,
  at: bigint,
  found: Set<bigint>,
  problems: string[],
): Promise<void> {
  const lists: { count: bigint; entry: bigint }[] = [];
  for (let list = 0n; list < CACHE_LISTS; list++) {
    const count = await memory.word(at + list * 2n, 2);
    const entry = await memory.word(at + BigInt(CACHE_LISTS) * 2n + list * 8n);
    // Something else of the same size.
    if (count === null || entry === null || count > 1000n || (count === 0n) !== (entry === 0n)) return;
    lists.push({ count, entry });
  }
  for (const { count, entry } of lists)
    if (count > 0n) await follow(memory, entry, found, problems, 'tcache');
}

/** Links are mangled by where they lie (glibc from 2.32 on). */
async function follow(
  memory: HeapMemory,
  entry: bigint,
  found: Set<bigint>,
  problems: string[],
  name: string,
): Promise<void> {
  for (let at = entry, from = 0n, steps = 0; at > HEADER; steps++) {
    const link =
      from === 0n ? `the first link of a ${name}` : `the link in the freed block ${hex(from)} (${name})`;
    if (at % HEADER !== 0n || steps > LONGEST) {
      problems.push(`${link} leads to ${hex(at)}, where no block is: the freed block was written to`);
      return;
    }
    if (found.has(at)) {
      problems.push(`${hex(at)}: is twice in a ${name}: it was freed twice`);
      return;
    }
    found.add(at);
    const word = await memory.word(at);
    if (word === null) {
      problems.push(`${link} leads to ${hex(at)}, which cannot be read: the freed block was written to`);
      return;
    }
    const next = word ^ (at >> PAGE_BITS);
    from = at;
    at = name === 'fastbin' && next !== 0n ? next + HEADER : next;
  }
}
