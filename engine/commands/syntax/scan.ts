import { skipBlanks } from '../../expressions/words.ts';

/** Part of a text; `end` is the offset after the last character. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * Where the command that begins at `start` ends: at the `;` outside quotes and braces, or at `limit`. An open
 * quote or brace runs to the limit.
 */
export function commandEnd(line: string, start: number, limit = line.length): number {
  let braces = 0;
  for (let at = nextOf(MARKS, line, start); at < limit; at = nextOf(MARKS, line, at + 1)) {
    const character = line[at];
    if (character === '"') {
      at = quoteEnd(line, at, limit);
    } else if (character === '{') {
      braces++;
    } else if (character === '}') {
      braces = Math.max(0, braces - 1);
    } else if (braces === 0) {
      return at;
    }
  }
  return limit;
}

/** What ends commands, or keeps them from ending. Lines may be long: they are not looked at character by character. */
const MARKS = /["{};]/g;

function nextOf(marks: RegExp, line: string, from: number): number {
  marks.lastIndex = from;
  return marks.exec(line)?.index ?? line.length;
}

/** Offset of the quote that closes the one at `open`, or the limit; behind an at-sign a backslash escapes nothing. */
function quoteEnd(line: string, open: number, limit: number): number {
  const verbatim = line[open - 1] === '@';
  for (let at = open + 1; at < limit; at++) {
    if (line[at] === '\\' && !verbatim) at++;
    else if (line[at] === '"') return at;
  }
  return limit;
}

/** Offset of the bracket that closes the one at `open` (`(` or `{`), quotes apart; -1 where none does. */
export function closing(line: string, open: number, limit: number): number {
  const opener = line[open];
  const closer = opener === '(' ? ')' : '}';
  let depth = 0;
  for (let at = open; at < limit; at++) {
    const character = line[at];
    if (character === '"') at = quoteEnd(line, at, limit);
    else if (character === opener) depth++;
    else if (character === closer && --depth === 0) return at;
  }
  return -1;
}

/** Offset of the first such character outside quotes; -1 where there is none. */
export function find(line: string, wanted: string, from: number, limit: number): number {
  for (let at = from; at < limit; at++) {
    if (line[at] === '"') at = quoteEnd(line, at, limit);
    else if (line[at] === wanted) return at;
  }
  return -1;
}

/** The parts between the semicolons that stand outside quotes and brackets. */
export function splitAtSemicolons(line: string, { start, end }: Span): readonly Span[] {
  const parts: Span[] = [];
  let from = start;
  for (let at = start; at < end; at++) {
    const character = line[at] ?? '';
    if (character === '"') at = quoteEnd(line, at, end);
    else if (character === '(' || character === '{') at = Math.max(at, closing(line, at, end));
    else if (character === ';') {
      parts.push({ start: from, end: at });
      from = at + 1;
    }
  }
  return [...parts, { start: from, end }];
}

/** Over blanks and semicolons: what scripts have where a line ended. */
export function skipGap(line: string, from: number, limit: number): number {
  let at = from;
  while (at < limit && /[\s;]/.test(line[at] ?? '')) at++;
  return at;
}

/** Without blanks and semicolons at its ends. */
export function trimmed(line: string, span: Span): Span {
  const start = skipGap(line, span.start, span.end);
  let end = span.end;
  while (end > start && /[\s;]/.test(line[end - 1] ?? '')) end--;
  return { start, end };
}

/** Over separators and comments, to where a command begins, or to the limit. */
export function nextCommand(line: string, from: number, limit: number): number {
  for (let at = from; ; ) {
    at = Math.min(skipBlanks(line, at), limit);
    const character = line[at];
    if (at >= limit) return limit;
    if (character === ';' || character === '\n' || character === '\r') at++;
    else if (character === '*') at = endOf(line, /[\n]/g, at, limit);
    else if (line.startsWith('$$', at) && !isScript(line, at)) at = endOf(line, /[;\n]/g, at, limit);
    else return at;
  }
}

/** `$$<`, `$$><`, `$$>a<` are no comments. */
function isScript(line: string, at: number): boolean {
  return /^\$\$(?:<|>a?<)/i.test(line.slice(at, at + 5));
}

function endOf(line: string, pattern: RegExp, from: number, limit: number): number {
  pattern.lastIndex = from;
  const match = pattern.exec(line);
  return match ? Math.min(match.index, limit) : limit;
}
