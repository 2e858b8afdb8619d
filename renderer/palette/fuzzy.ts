/** Where a query's letters stand in a text, and how well they do: higher is better; null: not all are there, in their order. */
export interface Match {
  readonly score: number;
  readonly at: readonly number[];
}

const isStart = (text: string, at: number) => at === 0 || !/[\p{L}\p{N}]/u.test(text[at - 1] ?? '');

/** Points for one letter: at the start of a word, right after the one before, or anywhere. */
function points(text: string, at: number, last: number): number {
  if (at === last + 1 && last >= 0) return 6;
  return isStart(text, at) ? 8 : 1;
}

/** The best from `from` on; `memo` keeps the ends that were looked at. */
function best(
  text: string,
  lower: string,
  query: string,
  from: number,
  last: number,
  memo: Map<string, Match | null>,
): Match | null {
  if (query === '') return { score: 0, at: [] };
  const key = `${query.length} ${from} ${last === from - 1}`;
  const known = memo.get(key);
  if (known !== undefined) return known;
  let found: Match | null = null;
  for (let at = lower.indexOf(query[0] ?? '', from); at >= 0; at = lower.indexOf(query[0] ?? '', at + 1)) {
    const rest = best(text, lower, query.slice(1), at + 1, at, memo);
    if (!rest) break;
    const score = points(text, at, last) + rest.score;
    if (!found || score > found.score) found = { score, at: [at, ...rest.at] };
  }
  memo.set(key, found);
  return found;
}

/** Blanks in the query are not looked for. */
export function matchOf(text: string, query: string): Match | null {
  const wanted = query.toLowerCase().replace(/\s+/g, '');
  if (wanted.length > 40) return null;
  return best(text, text.toLowerCase(), wanted, 0, -1, new Map());
}

export interface Ranked<T> {
  readonly item: T;
  /** Which letters of its first text were looked for. */
  readonly at: readonly number[];
}

/**
 * Those that fit, the best first; without a query all, in their order.
 * @param texts the first is what is shown; a fit in one of the others counts less
 */
export function rank<T>(
  items: readonly T[],
  query: string,
  texts: (item: T) => readonly string[],
): Ranked<T>[] {
  if (query.trim() === '') return items.map((item) => ({ item, at: [] }));
  const scored = items.flatMap((item) => {
    const [first = '', ...others] = texts(item);
    const shown = matchOf(first, query);
    // Of two that fit as well, the shorter one is meant.
    if (shown) return [{ item, at: shown.at, score: shown.score * 100 - first.length }];
    const beside = others.map((text) => matchOf(text, query)?.score ?? 0);
    const score = Math.max(0, ...beside);
    return score > 0 ? [{ item, at: [], score: score * 40 - first.length }] : [];
  });
  return scored.sort((a, b) => b.score - a.score);
}
