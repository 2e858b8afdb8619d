import type { CommandContext } from '../entry.ts';
import type { System } from '../system.ts';

export interface Held {
  readonly at: bigint;
  readonly bytes: Uint8Array;
}

/** What `.holdmem -a` has kept, of each target. */
const kept = new WeakMap<System, Held[]>();

export function heldBy({ state }: CommandContext): Held[] {
  const known = kept.get(state.current);
  if (known) return known;
  const none: Held[] = [];
  kept.set(state.current, none);
  return none;
}

/** The part of a piece of memory that lies in a range; null: none. */
export function within({ at, bytes }: Held, start: bigint, count: bigint): Held | null {
  const end = at + BigInt(bytes.length);
  const from = start > at ? start : at;
  const to = start + count < end ? start + count : end;
  return from < to ? { at: from, bytes: bytes.subarray(Number(from - at), Number(to - at)) } : null;
}
