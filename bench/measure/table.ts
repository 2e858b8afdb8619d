import type { Row, Unmeasured } from './row.ts';

const HEAD = ['budget', 'what', 'ours', 'anchor', 'ratio', 'goal', 'met'] as const;
const RIGHT = new Set([2, 3, 4]);

/** The rows in columns. */
export function table(rows: readonly Row[], unmeasured: readonly Unmeasured[]): string {
  const cells = [
    [...HEAD],
    ...rows.map((row) => [
      row.name,
      row.what,
      row.ours,
      row.anchor,
      row.ratio.toFixed(2),
      row.goal,
      row.met ? 'yes' : 'NO',
    ]),
    ...unmeasured.map(({ name, what, why }) => [name, what, `not measured: ${why}`]),
  ];
  const full = cells.filter((line) => line.length === HEAD.length);
  const widths = HEAD.map((_, column) => Math.max(...full.map((line) => line[column]?.length ?? 0)));
  const pad = (cell: string, column: number) =>
    RIGHT.has(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0);
  const line = (row: readonly string[]) =>
    (row.length === HEAD.length ? row.map(pad) : [...row.slice(0, 2).map(pad), ...row.slice(2)])
      .join('  ')
      .trimEnd();
  const [head = [], ...rest] = cells;
  return [line(head), widths.map((width) => '-'.repeat(width)).join('  '), ...rest.map(line)].join('\n');
}
