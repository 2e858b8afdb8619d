import { engineErrors } from '../../errors.ts';
import type { Args } from '../args.ts';
import type { CommandContext } from '../entry.ts';

/** Longer ranges need `L?`. */
const SANE_BYTES = 0x1000_0000n;

export interface Range {
  readonly start: bigint;
  /** Objects; null: the command's own default. */
  readonly count: bigint | null;
  /** The address after the last byte, where the range was given by its end. */
  readonly end: bigint | null;
}

/**
 * `Address`, `Address End` (End is the last byte), `Address L Count`, `Address L-Count` (ends before
 * Address), `L?Count` without the limit on length. No address: from `fallback` on.
 */
export async function readRange(
  context: CommandContext,
  args: Args,
  size: number,
  fallback: () => Promise<bigint>,
): Promise<Range> {
  const start = args.done || isLength(args) ? await fallback() : await context.evaluate(args);
  if (args.done) return { start, count: null, end: null };
  args.take(',');
  const at = args.position;
  if (isLength(args)) return lengthRange(context, args, size, start);
  const end = await context.evaluate(args);
  if (end < start) throw engineErrors.badArgument(`Range error at '${args.text.slice(at).trim()}'`, at);
  const count = (end - start + 1n + BigInt(size) - 1n) / BigInt(size);
  return { ...limited(args, at, start, count, size, false), end: end + 1n };
}

function isLength(args: Args): boolean {
  return !args.done && /^L(?:\?|-|\s|[0-9a-f@($])/i.test(args.text.slice(args.position));
}

async function lengthRange(context: CommandContext, args: Args, size: number, start: bigint): Promise<Range> {
  const at = args.position;
  args.match(/L/iy);
  const unlimited = args.take('?');
  const backwards = args.take('-');
  const count = await context.evaluate(args);
  const first = backwards ? BigInt.asUintN(64, start - count * BigInt(size)) : start;
  return limited(args, at, first, count, size, unlimited);
}

function limited(
  args: Args,
  at: number,
  start: bigint,
  count: bigint,
  size: number,
  unlimited: boolean,
): Range {
  if (!unlimited && count * BigInt(size) > SANE_BYTES) {
    throw engineErrors.badArgument(
      `Range error at '${args.text.slice(at).trim()}': use L? for more than 256 MB`,
      at,
    );
  }
  return { start, count, end: null };
}
