import { engineErrors } from '../../errors.ts';
import { hexDigits } from '../../format/address.ts';
import type { Args } from '../args.ts';
import type { CommandContext, CommandEntry, Control } from '../entry.ts';
import { type Arena, type Heap, readHeap } from '../heap/arena.ts';
import { type Chunk, type ChunkState, type Walked, walkArena } from '../heap/walk.ts';
import { expectUser } from '../process/proc-files.ts';

const wide = (value: bigint): string => hexDigits(value, 16);
const HEADER = 16n;
/** What a block gives to its owner: its header's first word belongs to the block before while that is in use. */
const OWN = 8n;
const MOST_LINES = 10_000;

/** `!heap [-s] [-v] [-h [Index]] [-x Address] [-p -a Address]`. */
async function heapCommand(context: CommandContext, args: Args): Promise<Control | undefined> {
  const { state } = context;
  expectUser(state, '!heap');
  const option = args.match(/-p\s+-a(?=\s)|-[svxha](?=\s|$)/y)?.[0]?.replace(/\s+/, ' ') ?? '';
  const value = args.done ? null : await context.evaluate(args);
  args.expectEnd();
  const heap = await readHeap(state);
  switch (option) {
    case '':
      if (value !== null) await entries(context, heap, value);
      else context.print(arenaLines(heap).join('\n'));
      return undefined;
    case '-s':
      context.print((await summary(heap)).join('\n'));
      return undefined;
    case '-v':
      await validate(context, heap);
      return undefined;
    case '-h':
    case '-a':
      await entries(context, heap, value);
      return undefined;
    default:
      if (value === null) args.fail();
      await showBlock(context, heap, value, option === '-x');
      return undefined;
  }
}

const nameOf = ({ isMain, index }: Arena): string => (isMain ? 'main_arena' : `arena ${index}`);
const startOf = ({ segments, address }: Arena): bigint => segments[0]?.start ?? address;

function arenaLines({ arenas, foundBy }: Heap): string[] {
  const found = foundBy === 'symbols' ? [] : [NO_SYMBOLS];
  return [
    'Index   Address           Name',
    ...arenas.map(
      (arena) => `${String(arena.index + 1).padStart(3)}:   ${wide(startOf(arena))}  ${nameOf(arena)}`,
    ),
    ...found,
  ];
}

const NO_SYMBOLS =
  'The symbol main_arena is missing (libc6-dbg has it); the allocator’s state was found by its shape.';

async function summary(heap: Heap): Promise<string[]> {
  const lines = [
    'Heap               Reserved  Busy bytes (blocks)      Free bytes (blocks)      Cached bytes (blocks)    Top',
    '-'.repeat(112),
  ];
  for (const arena of heap.arenas) {
    const chunks = (await walkArena(heap, arena)).flatMap((walked) => walked.chunks);
    const sum = (...states: ChunkState[]): string => {
      const some = chunks.filter(({ state }) => states.includes(state));
      const bytes = some.reduce((total, { size }) => total + size, 0n);
      return `${bytes.toString(16)} (${some.length})`.padEnd(25);
    };
    const top = chunks.find(({ state }) => state === 'top')?.size ?? 0n;
    lines.push(
      `${wide(startOf(arena))}   ${arena.system.toString(16).padEnd(10)}${sum('busy')}${sum('free')}${sum('cache', 'fast')}${top.toString(16)}`,
    );
  }
  return heap.foundBy === 'symbols' ? lines : [...lines, NO_SYMBOLS];
}

async function validate(context: CommandContext, heap: Heap): Promise<void> {
  let wrong = 0;
  for (const arena of heap.arenas)
    for (const { problems } of await walkArena(heap, arena))
      for (const problem of problems) {
        wrong++;
        context.print(`*** Heap ${wide(startOf(arena))} (${nameOf(arena)}): ${problem}`);
      }
  context.print(
    wrong === 0
      ? `No corruption was found in ${heap.arenas.length} ${heap.arenas.length === 1 ? 'heap' : 'heaps'}.`
      : `${wrong} ${wrong === 1 ? 'problem' : 'problems'} found: what was written past the end of a block, or after it was freed, stands before those places.`,
  );
}

const STATE: Readonly<Record<ChunkState, string>> = {
  busy: 'busy',
  free: 'free',
  cache: 'free (tcache)',
  fast: 'free (fastbin)',
  top: 'top',
};

async function entries(context: CommandContext, heap: Heap, which: bigint | null): Promise<void> {
  const chosen = heap.arenas.filter(
    (arena) =>
      which === null ||
      which === 0n ||
      BigInt(arena.index + 1) === which ||
      startOf(arena) === which ||
      arena.address === which,
  );
  if (chosen.length === 0)
    throw engineErrors.badArgument(`There is no heap ${which?.toString(16)}; !heap lists them`, 0);
  let left = MOST_LINES;
  for (const arena of chosen) {
    context.print(`Heap entries of ${nameOf(arena)} at ${wide(startOf(arena))}`);
    for (const { chunks, problems } of await walkArena(heap, arena)) {
      let before = 0n;
      const lines = chunks.slice(0, left).map((chunk) => {
        const line = entryLine(chunk, before);
        before = chunk.size;
        return line;
      });
      left -= lines.length;
      if (lines.length > 0) context.print(lines.join('\n'));
      if (lines.length < chunks.length)
        context.print(`(${chunks.length - lines.length} more; -s sums them up)`);
      for (const problem of problems) context.print(`*** ${problem}`);
    }
  }
}

/** `    00005555555592a0: 00290 . 00030 [01] - busy (28)`. */
function entryLine({ address, size, flags, state }: Chunk, before: bigint): string {
  const bytes = state === 'busy' ? ` (${(size - OWN).toString(16)})` : '';
  return `    ${wide(address)}: ${hexDigits(before, 5)} . ${hexDigits(size, 5)} [${hexDigits(flags, 2)}] - ${STATE[state]}${bytes}`;
}

interface Found {
  readonly chunk: Chunk;
  readonly before: bigint;
  readonly walked: Walked;
}

async function showBlock(context: CommandContext, heap: Heap, address: bigint, isX: boolean): Promise<void> {
  const found = await blockOf(heap, address);
  if (!found) {
    const mapped = await mappedBlock(heap, address);
    context.print(mapped ?? `${wide(address)} lies in no block of the heap.`);
    return;
  }
  const { chunk, before, walked } = found;
  const user = chunk.address + HEADER;
  const start = wide(startOf(walked.arena));
  const usable = chunk.size - OWN;
  if (isX) {
    context.print(
      [
        'Entry             User              Heap              Segment           Size      PrevSize  Unused  Flags',
        '-'.repeat(108),
        `${wide(chunk.address)}  ${wide(user)}  ${start}  ${wide(walked.segment.start)}  ${chunk.size.toString(16).padStart(8)}  ${before.toString(16).padStart(8)}  ${OWN.toString(16).padStart(6)}  ${STATE[chunk.state]}`,
      ].join('\n'),
    );
    return;
  }
  context.print(
    [
      `    address ${wide(address)} found in`,
      `    _HEAP @ ${start}`,
      '              HEAP_ENTRY Size Prev Flags            UserPtr UserSize - state',
      `        ${wide(chunk.address)} ${hexDigits(chunk.size / HEADER, 4)} ${hexDigits(before / HEADER, 4)}  [${hexDigits(chunk.flags, 2)}]   ${wide(user)}    ${hexDigits(usable, 5)} - (${STATE[chunk.state]})`,
    ].join('\n'),
  );
}

async function blockOf(heap: Heap, address: bigint): Promise<Found | null> {
  const arena = heap.arenas.find(({ segments }) =>
    segments.some(({ start, end }) => address >= start && address < end),
  );
  if (!arena) return null;
  for (const walked of await walkArena(heap, arena)) {
    const at = walked.chunks.findIndex(
      (chunk) => address >= chunk.address && address < chunk.address + chunk.size,
    );
    const chunk = walked.chunks[at];
    if (chunk) return { chunk, before: walked.chunks[at - 1]?.size ?? 0n, walked };
  }
  return null;
}

/** `IS_MMAPPED`: a large block has a mapping of its own. */
const MAPPED = 2n;

async function mappedBlock({ memory, regions }: Heap, address: bigint): Promise<string | null> {
  const region = regions.find(({ start, end }) => address >= start && address < end);
  if (region?.path !== '' || !region.write) return null;
  // Neighbouring mappings are shown as one: the block begins at some page of it.
  for (let at = address & ~0xfffn; at >= region.start; at -= 0x1000n) {
    const word = await memory.word(at + 8n);
    if (word === null || (word & 7n) !== MAPPED) continue;
    const size = word & ~7n;
    if (size % 0x1000n !== 0n || size === 0n || at + size > region.end || address >= at + size) continue;
    return [
      `    address ${wide(address)} found in`,
      `    a block of its own (mmap) @ ${wide(at)}`,
      `        UserPtr ${wide(at + HEADER)}  UserSize ${(size - HEADER).toString(16)} - (busy)`,
    ].join('\n');
  }
  return null;
}

export const heapCommands: readonly CommandEntry[] = [
  {
    name: '!heap',
    family: 'Memory',
    needs: 'any',
    secure: 'allowed',
    threads: 'none',
    syntax: ['!heap [-s] [-v]', '!heap -h [Heap]', '!heap -x Address', '!heap -p -a Address'],
    summary: 'Shows glibc’s heap: arenas, blocks, the block of an address, and what is corrupted.',
    help: 'Without options the arenas; -s sums up what is busy and free, -v looks for corruption, -h lists the blocks of one (by its number or address; all by default), -x and -p -a find the block of an address, those that malloc has mapped alone too. Blocks that threads keep for themselves (tcache) and small freed ones (fastbins) count as free. Sizes are hexadecimal and hold the header. The allocator’s state comes from the symbol main_arena, or, where the C library is stripped, is found by its shape.',
    differences:
      'It is glibc’s allocator (64 bits, 2.32 and newer) in place of Windows’. Sizes of -p -a are in units of 10 bytes as there. Options that need what Windows’ heap records (-l, -stat, stacks of allocations) are not there.',
    example: '!heap -s',
    run: heapCommand,
  },
];
