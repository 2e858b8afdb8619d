/** Lanes beside the code in which jumps are drawn; what finds none free is left out. */
export const LANES = 6;

export interface JumpLine {
  readonly id: string;
  readonly address: string;
  /** Where it jumps to within a function; null: it does not. */
  readonly target: string | null;
}

/** What is drawn beside a row, in one lane. */
export interface LanePiece {
  readonly lane: number;
  /** The vertical line comes from above, goes on below. */
  readonly above: boolean;
  readonly below: boolean;
  /** The horizontal part: the jump begins here, or leads here (with an arrow). */
  readonly end: 'from' | 'to' | null;
  /** Of the instruction that is selected or about to run. */
  readonly address: string;
}

/** A jump leaves what is shown at one end: it is drawn as far as it goes. */
export function laneRows(lines: readonly JumpLine[]): ReadonlyMap<string, readonly LanePiece[]> {
  const index = new Map(lines.map(({ address }, at) => [address, at]));
  const jumps = lines.flatMap(({ address, target }, from) => {
    const to = target === null ? undefined : index.get(target);
    return to === undefined || to === from ? [] : [{ address, from, to }];
  });
  // Short ones are nearest to the code.
  jumps.sort((a, b) => Math.abs(a.to - a.from) - Math.abs(b.to - b.from));
  const rows = new Map<string, LanePiece[]>();
  const taken: (readonly [number, number])[][] = Array.from({ length: LANES }, () => []);
  for (const { address, from, to } of jumps) {
    const top = Math.min(from, to);
    const bottom = Math.max(from, to);
    const lane = taken.findIndex((spans) => spans.every(([a, b]) => bottom < a || top > b));
    if (lane < 0) continue;
    taken[lane]?.push([top, bottom]);
    for (let at = top; at <= bottom; at++) {
      const id = lines[at]?.id ?? '';
      const pieces = rows.get(id) ?? [];
      const end = at === from ? 'from' : at === to ? 'to' : null;
      pieces.push({ lane, above: at > top, below: at < bottom, end, address });
      rows.set(id, pieces);
    }
  }
  return rows;
}
