/**
 * Where the earlier blocks of a history stand in their stream, carried in each block: so that any entry is found with a few
 * reads by sequence, and no server ever looks through a stream or keeps an index for us.
 *
 * Level 0 names the blocks just before, at most WIDTH. When it is full, the next block begins a new one, and level 1 names the
 * block in which the full one stands; so on upwards, as in a B-tree that only grows at its right edge.
 */

/** Marks in a level. */
export const WIDTH = 32;

export interface Mark {
  /** Sequence in the stream. */
  readonly seq: number;
  /** Level 0: number of the first entry of that block. Above: of the first entry that the list in that block leads to. */
  readonly first: number;
}

export type Trail = readonly (readonly Mark[])[];

/** A block as the trail sees it. */
export interface Step {
  readonly seq: number;
  readonly first: number;
  readonly trail: Trail;
}

/** The trail of the block that comes after this one. */
export function trailAfter({ seq, first, trail }: Step): Trail {
  const next: (readonly Mark[])[] = [];
  let mark: Mark = { seq, first };
  for (let level = 0; ; level++) {
    const marks = trail[level] ?? [];
    const [oldest] = marks;
    if (marks.length < WIDTH || !oldest) return [...next, [...marks, mark], ...trail.slice(level + 1)];
    // The full list stands in the block at `seq`: the level above leads there.
    next.push([mark]);
    mark = { seq, first: oldest.first };
  }
}

/**
 * The sequences of all blocks from the one that holds entry `from` up to this one, in order.
 * @param fetch the block at a sequence; undefined: it is gone (older than the stream keeps)
 */
export async function* walk(
  step: Step,
  from: number,
  fetch: (seq: number) => Promise<Step | undefined>,
): AsyncGenerator<number> {
  for (let level = step.trail.length - 1; level >= 0; level--)
    if (from < step.first) yield* walkLevel(step.trail, level, from, endOf(step, level), fetch);
  yield step.seq;
}

async function* walkLevel(
  trail: Trail,
  level: number,
  from: number,
  end: number,
  fetch: (seq: number) => Promise<Step | undefined>,
): AsyncGenerator<number> {
  const marks = trail[level] ?? [];
  for (const [index, mark] of marks.entries()) {
    const after = marks[index + 1]?.first ?? end;
    if (after <= from) continue;
    if (level === 0) {
      yield mark.seq;
      continue;
    }
    const holder = await fetch(mark.seq);
    if (holder) yield* walkLevel(holder.trail, level - 1, from, after, fetch);
  }
}

/** Number of the first entry that a level does not lead to any more. */
function endOf({ trail, first }: Step, level: number): number {
  for (let below = level - 1; below >= 0; below--) {
    const next = trail[below]?.[0]?.first;
    if (next !== undefined) return next;
  }
  return first;
}
