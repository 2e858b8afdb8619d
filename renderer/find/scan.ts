import type { Text } from '@codemirror/state';

export interface Found {
  readonly from: number;
  readonly to: number;
}

/** Lets the page do other work; resolves false when the search is not wanted any more. */
export type Breathe = () => Promise<boolean>;

/** Lines between two looks at the clock. */
const STRIDE = 2000;

const escaped = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

/** Plain text only: a pattern somebody typed could take for ever on a line of 64 KiB. */
export function patternOf(query: string, matchCase: boolean): RegExp | null {
  return query === '' ? null : new RegExp(escaped(query), matchCase ? 'g' : 'gi');
}

function lastBefore(pattern: RegExp, text: string, limit: number): RegExpExecArray | null {
  let last: RegExpExecArray | null = null;
  pattern.lastIndex = 0;
  for (let found = pattern.exec(text); found && found.index < limit; found = pattern.exec(text)) last = found;
  return last;
}

function within(pattern: RegExp, text: string, start: number): RegExpExecArray | null {
  pattern.lastIndex = start;
  return pattern.exec(text);
}

const place = (lineFrom: number, found: RegExpExecArray): Found => ({
  from: lineFrom + found.index,
  to: lineFrom + found.index + found[0].length,
});

/** The next match at or after `from`, going on from the beginning at the end. */
export async function findNext(
  doc: Text,
  pattern: RegExp,
  from: number,
  breathe: Breathe,
): Promise<Found | null> {
  const first = doc.lineAt(from);
  const here = within(pattern, first.text, from - first.from);
  if (here) return place(first.from, here);
  // Once round: the first line again at the end, for what stands before `from`.
  for (const [begin, end, offset] of [
    [first.number + 1, doc.lines, first.to + 1],
    [1, first.number, 0],
  ] as const) {
    if (begin > end) continue;
    let at: number = offset;
    let count = 0;
    for (const text of doc.iterLines(begin, end + 1)) {
      const found = within(pattern, text, 0);
      if (found) return place(at, found);
      at += text.length + 1;
      if (++count % STRIDE === 0 && !(await breathe())) return null;
    }
  }
  return null;
}

/** The last match that begins before `from`, going on from the end at the beginning. */
export async function findPrevious(
  doc: Text,
  pattern: RegExp,
  from: number,
  breathe: Breathe,
): Promise<Found | null> {
  const first = doc.lineAt(from);
  const here = lastBefore(pattern, first.text, from - first.from);
  if (here) return place(first.from, here);
  let count = 0;
  for (let step = 1; step <= doc.lines; step++) {
    const line = doc.line(((first.number - 1 - step + doc.lines * 2) % doc.lines) + 1);
    const found = lastBefore(pattern, line.text, Number.POSITIVE_INFINITY);
    if (found) return place(line.from, found);
    if (++count % STRIDE === 0 && !(await breathe())) return null;
  }
  return null;
}

export interface Tally {
  readonly total: number;
  /** Which one of them `at` is, from 1; 0: none. */
  readonly index: number;
}

export async function tally(doc: Text, pattern: RegExp, at: number, breathe: Breathe): Promise<Tally | null> {
  let total = 0;
  let index = 0;
  let offset = 0;
  let count = 0;
  for (const text of doc.iterLines()) {
    pattern.lastIndex = 0;
    for (let found = pattern.exec(text); found; found = pattern.exec(text)) {
      total++;
      if (offset + found.index === at) index = total;
    }
    offset += text.length + 1;
    if (++count % STRIDE === 0 && !(await breathe())) return null;
  }
  return { total, index };
}
