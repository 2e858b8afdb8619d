const MOST_COLUMN = 60;

export interface GridRow {
  readonly name: string;
  /** By the names of their columns. */
  readonly cells: ReadonlyMap<string, string>;
}

/** What `dx -g` shows: a row for each element, a column for each of their members. */
export function gridLines(rows: readonly GridRow[], widest = MOST_COLUMN): string[] {
  const columns = [...new Set(rows.flatMap(({ cells }) => [...cells.keys()]))];
  const cut = (text: string) => (text.length > widest ? `${text.slice(0, widest - 3)}...` : text);
  const table = rows.map(({ name, cells }) => [
    name,
    ...columns.map((column) => cut(cells.get(column) ?? '')),
  ]);
  const heads = columns.map((column) => `= ${column}`);
  const widths = ['', ...heads].map((head, at) =>
    Math.max(head.length - (at === 0 ? 0 : 2), ...table.map((row) => row[at]?.length ?? 0)),
  );
  const padded = (text: string, at: number, more = 0) => text.padEnd((widths[at] ?? 0) + more);
  const head = `= ${padded('', 0)} ${heads.map((text, at) => padded(text, at + 1, 2)).join(' ')} =`;
  const rule = '='.repeat(head.length);
  const lines = table.map(
    ([name = '', ...cells]) =>
      `= ${padded(name, 0)} ${cells.map((text, at) => `- ${padded(text, at + 1)}`).join(' ')} =`,
  );
  return [rule, head, rule, ...lines, rule];
}
