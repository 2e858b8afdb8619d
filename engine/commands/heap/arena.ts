import type { MemoryRegion } from '../../backend/types.ts';
import { engineErrors } from '../../errors.ts';
import { littleEndian } from '../memory/read.ts';
import type { DebuggerState } from '../state.ts';
import { HeapMemory } from './memory.ts';

/**
 * `struct malloc_state` of glibc from 2.26 on, on 64-bit machines: where each member lies. What is before the first free list are the
 * lock, flags, ten lists of small freed blocks, and the block at the top.
 */
const FAST_BINS = 16n;
export const FAST_BIN_COUNT = 10;
const TOP = 96n;
const BINS = 112n;
const BIN_COUNT = 127;
const NEXT = BINS + BigInt(BIN_COUNT) * 16n + 16n;
const SYSTEM_BYTES = NEXT + 24n;
export const ARENA_BYTES = SYSTEM_BYTES + 16n;
/** Other arenas' heaps begin at multiples of this. */
const HEAP_SPAN = 1n << 26n;
const MOST_ARENAS = 4096;

/** A piece of memory that blocks follow one another in. */
export interface Segment {
  readonly start: bigint;
  /** Of the first block. */
  readonly first: bigint;
  readonly end: bigint;
}

export interface Arena {
  readonly index: number;
  readonly address: bigint;
  readonly isMain: boolean;
  /** The block that the rest is cut from. */
  readonly top: bigint;
  /** Bytes it has from the system. */
  readonly system: bigint;
  readonly fastBins: readonly bigint[];
  readonly segments: readonly Segment[];
}

export interface Heap {
  readonly memory: HeapMemory;
  readonly arenas: readonly Arena[];
  readonly regions: readonly MemoryRegion[];
  /** How its state was found, for people. */
  readonly foundBy: 'symbols' | 'its shape';
}

/** @throws HawserError `UNSUPPORTED` where glibc's allocator is not found */
export async function readHeap(state: DebuggerState): Promise<Heap> {
  const refuse = (why: string, action = '') => engineErrors.unsupported('!heap', why, action);
  if (state.pointerSize !== 8) throw refuse('glibc’s heap is known for 64-bit machines only');
  const regions = await state.target.regions();
  const memory = new HeapMemory(state);
  const named = await state.target.resolveSymbol(null, 'main_arena', null);
  const main = named ?? (await byShape(state, regions));
  if (main === null)
    throw refuse(
      'the state of glibc’s allocator (main_arena) was found neither among the symbols nor by its shape: the program uses another allocator, or no heap yet',
      'The debug symbols of the C library (libc6-dbg) name it; .sympath says where symbols are.',
    );
  const arenas: Arena[] = [];
  for (let at = main; arenas.length < MOST_ARENAS; ) {
    const arena = await readArena(memory, regions, at, arenas.length, at === main);
    if (!arena) break;
    arenas.push(arena);
    const next = await memory.word(at + NEXT);
    if (next === null || next === main || next === 0n) break;
    at = next;
  }
  return { memory, arenas, regions, foundBy: named === null ? 'its shape' : 'symbols' };
}

async function readArena(
  memory: HeapMemory,
  regions: readonly MemoryRegion[],
  address: bigint,
  index: number,
  isMain: boolean,
): Promise<Arena | null> {
  const top = await memory.word(address + TOP);
  const system = await memory.word(address + SYSTEM_BYTES);
  if (top === null || system === null) return null;
  const fastBins: bigint[] = [];
  for (let bin = 0; bin < FAST_BIN_COUNT; bin++)
    fastBins.push((await memory.word(address + FAST_BINS + BigInt(bin) * 8n)) ?? 0n);
  const segments = isMain
    ? await mainSegments(memory, regions, top)
    : await otherSegments(memory, address, top);
  return { index, address, isMain, top, system, fastBins, segments };
}

async function mainSegments(
  memory: HeapMemory,
  regions: readonly MemoryRegion[],
  top: bigint,
): Promise<Segment[]> {
  const heap = regions.find(({ start, end }) => top >= start && top < end);
  const size = await memory.word(top + 8n);
  if (!heap || size === null) return [];
  return [{ start: heap.start, first: align(heap.start), end: top + (size & ~7n) }];
}

/** The newest first: each begins with the arena's address, that of the one before, and its size. */
async function otherSegments(memory: HeapMemory, arena: bigint, top: bigint): Promise<Segment[]> {
  const segments: Segment[] = [];
  const own = arena - (arena % HEAP_SPAN);
  for (let start = top - (top % HEAP_SPAN); start !== 0n && segments.length < MOST_ARENAS; ) {
    const [before, size] = [await memory.word(start + 8n), await memory.word(start + 16n)];
    if (before === null || size === null || size > HEAP_SPAN) break;
    // The arena lies in its first one, right behind that header.
    const first = start === own ? arena + ARENA_BYTES : start + (arena - own);
    segments.push({ start, first: align(first), end: start + size });
    start = before;
  }
  return segments.reverse();
}

const align = (address: bigint): bigint => (address + 15n) & ~15n;

/** Free lists that are empty point to themselves: nothing else does so, one behind the other. */
const ENOUGH = 64;

async function byShape(state: DebuggerState, regions: readonly MemoryRegion[]): Promise<bigint | null> {
  const data = regions.filter(({ write, path }) => write && /\/libc[.-][^/]*so/.test(path));
  // Moved by one list nearly all fit as well: where most do, the first place with so many is the right one.
  let best = { count: ENOUGH - 1, at: null as bigint | null };
  for (const region of data) {
    const { bytes } = await state.target.readMemory(region.start, Number(region.end - region.start));
    for (let at = 0; at + Number(ARENA_BYTES) <= bytes.length; at += 8) {
      const count = emptyLists(bytes, region.start, at + Number(BINS));
      if (count > best.count) best = { count, at: region.start + BigInt(at) };
    }
  }
  return best.at;
}

function emptyLists(bytes: Uint8Array, start: bigint, bins: number): number {
  let empty = 0;
  for (let bin = 0; bin < BIN_COUNT; bin++) {
    const offset = bins + bin * 16;
    const self = start + BigInt(offset) - 16n;
    if (littleEndian(bytes, offset, 8) === self && littleEndian(bytes, offset + 8, 8) === self) empty++;
    else if (bin - empty > BIN_COUNT - ENOUGH) break;
  }
  return empty;
}
