export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

/** Milliseconds that a piece of work takes. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

/**
 * Runs both in turn, first the one and then the other by turns, so that neither has the quieter machine; the
 * warm-up is thrown away.
 */
export async function interleave(
  rounds: number,
  warmUp: number,
  ours: () => Promise<number>,
  anchor: () => Promise<number>,
): Promise<{ readonly ours: number; readonly anchor: number; readonly ratio: number }> {
  const mine: number[] = [];
  const theirs: number[] = [];
  for (let round = -warmUp; round < rounds; round++) {
    const oursFirst = round % 2 === 0;
    const early = oursFirst ? await ours() : await anchor();
    const late = oursFirst ? await anchor() : await ours();
    if (round < 0) continue;
    mine.push(oursFirst ? early : late);
    theirs.push(oursFirst ? late : early);
  }
  // Of pairs that ran next to each other, not of the medians: a machine that slows down slows both of a pair.
  const ratio = median(mine.map((value, index) => value / (theirs[index] ?? Number.NaN)));
  return { ours: median(mine), anchor: median(theirs), ratio };
}
