import type { Text } from '@codemirror/state';

export const DEFAULT_LINES = 1_000_000;
export const MIN_LINES = 10_000;
export const MAX_LINES = 5_000_000;
export const clampLines = (lines: number) => Math.min(MAX_LINES, Math.max(MIN_LINES, Math.round(lines)));

/** Whatever the lines: so many characters at most. */
export const MAX_CHARS = 256 * 1024 * 1024;

/** Cut a good piece at once, not a line for each that comes. */
const slackOf = (limit: number) => Math.max(1000, Math.floor(limit / 50));

/** How many lines must go from the front; 0 while there is room. */
export function linesToDrop(doc: Text, limit: number): number {
  const over = doc.lines - limit;
  if (over > slackOf(limit)) return over;
  if (doc.length <= MAX_CHARS || doc.lines < 2) return 0;
  const keepFrom = doc.lineAt(doc.length - Math.floor(MAX_CHARS * 0.9));
  return Math.min(keepFrom.number, doc.lines - 1);
}

const count = (n: number) => n.toLocaleString('en-US');

export function droppedLinesText(lines: number, limit: number): string {
  const what = lines === 1 ? 'line has' : 'lines have';
  return `*** ${count(lines)} older ${what} gone: this window keeps ${count(limit)} lines (see its Options).`;
}
