import { skipBlanks } from '../../expressions/words.ts';
import { commandEnd, type Span } from './scan.ts';

/** The two commands behind the expression of `j`: `'…' ; '…'`, the quotes left out where a command is a single one. */
export function choices(line: string, from: number, limit: number): readonly [Span, Span] {
  const first = choice(line, from, limit);
  const next = skipBlanks(line, first.after);
  if (next >= limit || line[next] !== ';') return [first.span, { start: limit, end: limit }];
  return [first.span, choice(line, next + 1, limit).span];
}

function choice(line: string, from: number, limit: number): { span: Span; after: number } {
  const start = Math.min(skipBlanks(line, from), limit);
  if (line[start] !== "'" || start >= limit) {
    const end = commandEnd(line, start, limit);
    return { span: { start, end }, after: end };
  }
  const close = line.indexOf("'", start + 1);
  const end = close < 0 || close >= limit ? limit : close;
  return { span: { start: start + 1, end }, after: Math.min(end + 1, limit) };
}
