import { engineErrors } from '../../errors.ts';
import { closing, type Span, skipGap } from './scan.ts';
import type { Statement } from './statement.ts';

const OPTION = /\/(pS|ps)\s+([^\s(]+)|\/([sf])(?=[\s(])/y;
const VARIABLE = /[^\s;{}"()]+/y;

/** `[/pS N] [/ps N] (Variable { Commands }) { … }`, `/s (Variable "String")`, `/f (Variable "File")`. */
export function foreachStatement(line: string, start: number, from: number, limit: number): Statement {
  let at = skipGap(line, from, limit);
  let skipFirst: Span | null = null;
  let skipBetween: Span | null = null;
  let source: 'commands' | 'string' | 'file' = 'commands';
  for (let match = take(OPTION, line, at, limit); match; match = take(OPTION, line, at, limit)) {
    const end = at + match[0].length;
    const number = { start: end - (match[2]?.length ?? 0), end };
    if (match[1] === 'pS') skipFirst = number;
    else if (match[1] === 'ps') skipBetween = number;
    else source = match[3] === 's' ? 'string' : 'file';
    at = skipGap(line, end, limit);
  }
  if (line[at] !== '(') fail(line, at, limit);
  at = skipGap(line, at + 1, limit);
  const variable = take(VARIABLE, line, at, limit)?.[0] ?? fail(line, at, limit);
  at = skipGap(line, at + variable.length, limit);
  const inside = source === 'commands' ? braces(line, at, limit) : quotes(line, at, limit);
  at = skipGap(line, inside.end + 1, limit);
  if (line[at] !== ')' || at >= limit) fail(line, at, limit);
  const body = braces(line, skipGap(line, at + 1, limit), limit);
  return {
    kind: 'foreach',
    variable,
    skipFirst,
    skipBetween,
    from: source,
    source: inside,
    body,
    start,
    end: body.end + 1,
  };
}

function braces(line: string, open: number, limit: number): Span {
  const close = line[open] === '{' ? closing(line, open, limit) : -1;
  return close < 0 ? fail(line, open, limit) : { start: open + 1, end: close };
}

function quotes(line: string, open: number, limit: number): Span {
  const close = line[open] === '"' ? line.indexOf('"', open + 1) : -1;
  return close < 0 || close >= limit ? fail(line, open, limit) : { start: open + 1, end: close };
}

function take(pattern: RegExp, line: string, at: number, limit: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  const match = pattern.exec(line);
  return match && at + match[0].length <= limit ? match : null;
}

function fail(line: string, at: number, limit: number): never {
  const offset = Math.min(at, limit);
  throw engineErrors.syntax(line.slice(offset, limit).trimEnd(), offset);
}
