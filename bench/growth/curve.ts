/** How something grows with something else. */
export interface Curve {
  readonly name: string;
  readonly what: string;
  readonly points: readonly Point[];
  /** Of y against x; 1: in proportion. */
  readonly exponent: number;
}

export interface Point {
  readonly x: number;
  /** Milliseconds. */
  readonly ms: number;
}

export interface Growth {
  readonly name: string;
  readonly what: string;
  run(say: (line: string) => void): Promise<readonly Point[]>;
}

/** The slope of a line through the logarithms, by least squares; points at 0 have none and are left out. */
export function exponent(points: readonly Point[]): number {
  const logs = points
    .filter(({ x, ms }) => x > 0 && ms > 0)
    .map(({ x, ms }) => [Math.log(x), Math.log(ms)] as const);
  const mean = (of: 0 | 1) => logs.reduce((sum, pair) => sum + pair[of], 0) / logs.length;
  const [x, y] = [mean(0), mean(1)];
  const top = logs.reduce((sum, pair) => sum + (pair[0] - x) * (pair[1] - y), 0);
  return top / logs.reduce((sum, pair) => sum + (pair[0] - x) ** 2, 0);
}

const shown = ({ x, ms }: Point) =>
  `${x.toLocaleString('en')}: ${ms < 10 ? ms.toFixed(1) : Math.round(ms).toLocaleString('en')} ms`;

/** The curves, a line each. */
export function curveTable(curves: readonly Curve[]): string {
  const lines = curves.map((curve) => [
    curve.name,
    curve.what,
    curve.exponent.toFixed(2),
    curve.points.map(shown).join(', '),
  ]);
  const all = [['growth', 'what', 'exponent', 'points'], ...lines];
  const widths = [0, 1, 2].map((column) => Math.max(...all.map((line) => line[column]?.length ?? 0)));
  return all
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
