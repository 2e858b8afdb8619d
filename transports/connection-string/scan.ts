import { bad, type Span } from './problem.ts';

/** What stands after `=`. */
export interface ValueToken extends Span {
  /** Without quotes. */
  readonly value: string;
  readonly quoted: boolean;
  /** `@{…}`: a connection string in a connection string; `value` is what the braces hold. */
  readonly braced?: true;
}

export interface ParameterToken {
  readonly key: Span;
  /** Absent for a word without `=`. */
  readonly value?: ValueToken;
}

export interface Scanned {
  readonly protocol: Span;
  readonly parameters: readonly ParameterToken[];
  /** Where something missing would stand. */
  readonly end: Span;
}

/** Longer than any string that makes sense; bounds the work on what a stranger pastes or sends. */
const MAX_CHARACTERS = 4096;

/**
 * `protocol:key[=value],…`, without knowing any keyword. A value is bare up to the next comma, or in
 * double quotes, where `""` stands for one quote; with `braces` also in `@{…}`, where commas separate nothing.
 * @throws HawserError `BAD_CONNECTION_STRING`
 */
export function scan(text: string, options: { readonly braces?: boolean } = {}): Scanned {
  const start = text.length - text.trimStart().length;
  const stop = text.trimEnd().length;
  const span = (from: number, to: number): Span => ({
    offset: from,
    length: to - from,
    text: text.slice(from, to),
  });
  if (text.length > MAX_CHARACTERS)
    throw bad(
      { offset: 0, length: text.length, text: '' },
      `It is longer than ${MAX_CHARACTERS} characters.`,
    );
  if (start >= stop)
    throw bad({ offset: 0, length: 0, text: '' }, 'It is empty; it begins as in tcp:server=HOST,port=PORT.');

  const colon = text.indexOf(':', start);
  const protocol = span(start, colon < 0 ? stop : colon);
  if (colon < 0)
    throw bad(protocol, 'It must begin with a protocol and a colon, as in tcp:server=HOST,port=PORT.');

  const parameters: ParameterToken[] = [];
  let at = colon + 1;
  while (at < stop) {
    const key = span(at, endOfWord(text, at, stop));
    if (/\s/.test(key.text)) throw bad(key, 'No blanks may stand around commas and equal signs.');
    if (key.length === 0)
      throw bad(span(at, Math.min(at + 1, stop)), 'A keyword such as server= is missing here.');
    at += key.length;
    if (text[at] === '=' && at < stop) {
      const braced = options.braces === true && text.startsWith('@{', at + 1);
      const value = (braced ? scanBraces : scanValue)(text, at + 1, stop);
      parameters.push({ key, value });
      at = value.offset + value.length;
    } else parameters.push({ key });
    if (at >= stop) break;
    if (text[at] !== ',')
      throw bad(
        { ...span(at, endOfWord(text, at, stop)), text: text[at - 1] ?? '"' },
        `A comma must stand after the closing ${text[at - 1] === '}' ? 'brace' : 'quote'}.`,
      );
    at++;
    if (at >= stop) throw bad(span(at - 1, at), 'Nothing follows this comma.');
  }
  return { protocol, parameters, end: span(stop, stop) };
}

function endOfWord(text: string, from: number, stop: number): number {
  let at = from;
  while (at < stop && text[at] !== ',' && text[at] !== '=') at++;
  return at;
}

function scanValue(text: string, from: number, stop: number): ValueToken {
  if (text[from] !== '"' || from >= stop) {
    const comma = text.indexOf(',', from);
    const end = comma < 0 || comma > stop ? stop : comma;
    const bare = text.slice(from, end);
    return { offset: from, length: end - from, text: bare, value: bare, quoted: false };
  }
  let value = '';
  for (let at = from + 1; at < stop; at++) {
    if (text[at] !== '"') value += text[at];
    else if (text[at + 1] === '"' && at + 1 < stop) {
      value += '"';
      at++;
    } else {
      const length = at + 1 - from;
      return { offset: from, length, text: text.slice(from, from + length), value, quoted: true };
    }
  }
  // What stands in quotes is as a rule a password: the message does not repeat it.
  throw bad({ offset: from, length: stop - from, text: '"' }, 'The closing quote is missing.');
}

/** Braces in braces are counted; those in quotes are not. */
function scanBraces(text: string, from: number, stop: number): ValueToken {
  let depth = 0;
  let quoted = false;
  for (let at = from + 1; at < stop; at++) {
    if (text[at] === '"') quoted = !quoted;
    if (quoted) continue;
    if (text[at] === '{') depth++;
    else if (text[at] === '}' && --depth === 0) {
      const length = at + 1 - from;
      return {
        offset: from,
        length,
        text: '@{…}',
        value: text.slice(from + 2, at),
        quoted: false,
        braced: true,
      };
    }
  }
  throw bad({ offset: from, length: stop - from, text: '@{' }, 'The closing brace is missing.');
}
