import { closingBracket } from './cpp.ts';

const BINARY = /(?:->\*?|\.\*?|::|<<=?|>>=?|[<>=!]=|&&|\|\||[-+*/%&|^]=?|[<>=?:])/y;
const PREFIX = /(?:\+\+|--|[-+*&!~])/y;
const POSTFIX = /(?:\+\+|--)/y;
const WORD =
  /(?:@@(?:masm|c\+\+)?|@?\$?!?[A-Za-z_$][\w$]*(?:!(?!=)[A-Za-z_~][\w$]*)?(?:::~?[A-Za-z_]\w*)*)/iy;
const NUMBER = /(?:0[xX][0-9a-fA-F]+|[0-9]+(?:\.[0-9]*)?(?:[eE][-+]?[0-9]+)?)[uUlLfF]*(?:[iI]64)?/y;
const STRING = /(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')/y;
const TYPE =
  /^\s*(?:(?:const|volatile|unsigned|signed|struct|class|union|enum|char|short|int|long|float|double|bool|void|[A-Za-z_]\w*(?:!\w+)?(?:::\w+)*(?=\s*[*&])|[A-Za-z_]\w*_t)\b[\s*&<>:,\w]*)+[*&\s]*$/;
const UNARY_WORD = /^(?:sizeof|dynamic_cast|static_cast|reinterpret_cast|const_cast)$/;

/**
 * Where the C++ expression that begins at `from` ends: before the first thing that cannot go on with it. A comma ends it, for it
 * separates arguments here.
 */
export function cppExtent(text: string, from: number, limit = text.length): number {
  const within = text.slice(0, limit);
  let at = from;
  let end = from;
  let wantsOperand = true;
  for (;;) {
    at = blanks(within, at);
    if (at >= limit) return end;
    const next: Step | null = wantsOperand ? operand(within, at) : operator(within, at);
    if (!next) return end;
    ({ at, wantsOperand } = next);
    if (!wantsOperand) end = at;
  }
}

interface Step {
  readonly at: number;
  readonly wantsOperand: boolean;
}

function operand(text: string, at: number): Step | null {
  if (text[at] === '(') return brackets(text, at);
  if (text.startsWith('#', at)) {
    const open = text.indexOf('(', at);
    const close = open < 0 ? -1 : closingBracket(text, open);
    return close < 0 ? null : { at: close + 1, wantsOperand: false };
  }
  const number = match(NUMBER, text, at) ?? match(STRING, text, at);
  if (number !== null) return { at: number, wantsOperand: false };
  const word = match(WORD, text, at);
  if (word !== null) return afterWord(text, at, word);
  const prefix = match(PREFIX, text, at);
  return prefix === null ? null : { at: prefix, wantsOperand: true };
}

/** A cast goes on with an operand, which may touch it; anything else in brackets is one. */
function brackets(text: string, at: number): Step | null {
  const close = closingBracket(text, at);
  if (close < 0) return null;
  const touches = /^(?!L(?:\?|-|\d))[\w@$'"]/.test(text.slice(close + 1, close + 3));
  return { at: close + 1, wantsOperand: touches || TYPE.test(text.slice(at + 1, close)) };
}

function afterWord(text: string, start: number, end: number): Step {
  const name = text.slice(start, end);
  if (UNARY_WORD.test(name)) {
    const open = text[end] === '<' ? text.indexOf('(', end) : blanks(text, end);
    const close = text[open] === '(' ? closingBracket(text, open) : -1;
    return close < 0 ? { at: end, wantsOperand: true } : { at: close + 1, wantsOperand: false };
  }
  if (name.startsWith('@@') && text[end] === '(') {
    const close = closingBracket(text, end);
    if (close >= 0) return { at: close + 1, wantsOperand: false };
  }
  return { at: end, wantsOperand: false };
}

function operator(text: string, at: number): Step | null {
  if (text[at] === '[' || text[at] === '(') {
    // What is called, or given an index, touches its bracket: `db (a) L4`, but `f(1)`, `a[1]`.
    if (text[at] === '(' && /\s/.test(text[at - 1] ?? '')) return null;
    const close = closingBracket(text, at);
    return close < 0 ? null : { at: close + 1, wantsOperand: false };
  }
  const postfix = match(POSTFIX, text, at);
  if (postfix !== null) return { at: postfix, wantsOperand: false };
  const binary = match(BINARY, text, at);
  return binary === null ? null : { at: binary, wantsOperand: true };
}

function match(pattern: RegExp, text: string, at: number): number | null {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : null;
}

function blanks(text: string, from: number): number {
  let at = from;
  while (text[at] === ' ' || text[at] === '\t') at++;
  return at;
}
