import type { MemoryRegion } from '../../backend/types.ts';
import type { CommandContext } from '../entry.ts';
import { Breath } from '../flow/breath.ts';
import type { DebuggerState } from '../state.ts';

/** Read at a time. */
const CHUNK = 0x10_0000;
/** Of longer ranges only what is mapped is read. */
const LARGE = 0x100_0000n;

export interface Span {
  readonly start: bigint;
  /** First address after. */
  readonly end: bigint;
}

/** Bytes that stand in a row in memory, all of them readable. */
export interface Run {
  readonly address: bigint;
  readonly bytes: Buffer;
  /** How many of the bytes belong to this run: the others come again at the beginning of the next one. */
  readonly own: number;
}

/** What is mapped; null: this target does not tell. */
export async function regionsOf({ target }: DebuggerState): Promise<readonly MemoryRegion[] | null> {
  try {
    return await target.regions();
  } catch (error) {
    if ((error as { code?: string }).code === 'UNSUPPORTED') return null;
    throw error;
  }
}

/**
 * The readable parts of a range, in order, in pieces of 1 MiB. A piece may reach `overlap` bytes into the next one, so that what
 * lies across their border is in one of them. A break-in ends it.
 * @param accept which mappings count; all where left out
 */
export async function* readableRuns(
  context: CommandContext,
  { start, end }: Span,
  overlap: number,
  accept: ((region: MemoryRegion) => boolean) | null = null,
): AsyncGenerator<Run> {
  const breath = new Breath(context.state.cancel);
  for (const span of await spansIn(context.state, { start, end }, accept)) {
    for (let at = span.start; at < span.end; at += BigInt(CHUNK)) {
      await breath.take();
      const left = span.end - at;
      const own = left < BigInt(CHUNK) ? Number(left) : CHUNK;
      const length = left < BigInt(CHUNK + overlap) ? Number(left) : CHUNK + overlap;
      const block = await context.target.readMemory(at, length);
      yield* runsOf(at, block.bytes, block.readable, own);
    }
  }
}

/** `Math.min` takes no bigint. */
function lower(a: bigint, b: bigint): bigint {
  if (a < b) return a;
  return b;
}

function higher(a: bigint, b: bigint): bigint {
  if (a > b) return a;
  return b;
}

async function spansIn(
  state: DebuggerState,
  span: Span,
  accept: ((region: MemoryRegion) => boolean) | null,
): Promise<readonly Span[]> {
  const regions = accept || span.end - span.start > LARGE ? await regionsOf(state) : null;
  if (regions === null) return [span];
  const joined: { start: bigint; end: bigint }[] = [];
  for (const region of regions) {
    const start = higher(region.start, span.start);
    const end = lower(region.end, span.end);
    if (start >= end || !region.read || (accept && !accept(region))) continue;
    const last = joined.at(-1);
    if (last?.end === start) last.end = end;
    else joined.push({ start, end });
  }
  return joined;
}

function* runsOf(at: bigint, bytes: Uint8Array, readable: Uint8Array | null, own: number): Generator<Run> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (readable === null) {
    yield { address: at, bytes: buffer, own };
    return;
  }
  for (let from = readable.indexOf(1); from >= 0 && from < own; ) {
    const stop = readable.indexOf(0, from);
    const to = stop < 0 ? buffer.length : stop;
    yield {
      address: at + BigInt(from),
      bytes: buffer.subarray(from, to),
      own: Math.min(to, own) - from,
    };
    from = readable.indexOf(1, to);
  }
}
