import { engineErrors } from '../errors.ts';

/** What names and other evaluators' parts come to in a C++ expression; each answer is text of C++. */
export interface CppWords {
  /** `@rax`, `@$t0`: without the at-sign, in lower case. Null: no such register. */
  register(name: string): Promise<string | null>;
  /** `@@(…)`, `@@masm(…)`. */
  masm(text: string): Promise<string>;
  /** `loop!g_count`. */
  symbol(module: string, name: string): Promise<string>;
  /**
   * A pointer to an object of a type and of so many stars after it, that is not there; its type may have `struct` or the like
   * before it. Null: no such type; of a name without a module that may be right, the text is left as it is.
   */
  type(module: string | null, name: string, stars: number): Promise<string | null>;
}

const TOKEN =
  /"(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?|@@(?:masm|c\+\+)?\(|@\$?\w+|#[A-Z_]+\(|\$!(?=\w)|[A-Za-z_]\w*!(?!=)[A-Za-z_~]\w*(?:::~?[A-Za-z_]\w*)*|[A-Za-z_$]\w*|[0-9][\w.]*|\s+|./giy;

/** `node`, `loop!node **`, `enum loop!color`. */
const TYPE = String.raw`(?:const\s+)?((?:struct|union|enum|class)\s+)?(?:([A-Za-z_]\w*)!)?([A-Za-z_]\w*(?:::[A-Za-z_]\w*)*(?:<[\w:<>,*& ]*>)?)\s*((?:\*\s*)*)`;
const WHOLE_TYPE = new RegExp(`^\\s*${TYPE}$`);
const TYPE_IN_BRACKETS = new RegExp(String.raw`\(\s*${TYPE}\)`, 'y');
const TYPE_OF_CAST = new RegExp(String.raw`<\s*${TYPE}>`, 'y');
const BUILT_IN = /^(?:char|short|int|long|float|double|bool|void|signed|unsigned|wchar_t)$/;

/**
 * An expression of WinDbg's C++ evaluator as one that a C++ compiler or GDB takes: registers, parts for the other
 * evaluator, module names and the macros (`#FIELD_OFFSET`) replaced.
 */
export async function translateCpp(text: string, words: CppWords): Promise<string> {
  const out: string[] = [];
  let before = '';
  for (let at = 0; at < text.length; ) {
    const type = await typeAt(text, at, before, words);
    if (type) {
      out.push(type.text);
      at = type.end;
      before = ')';
      continue;
    }
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(text)?.[0] ?? text[at] ?? '';
    if (/^@@.*\($/.test(token) || /^#.*\($/.test(token)) {
      const close = closingBracket(text, at + token.length - 1);
      if (close < 0) throw engineErrors.syntax(text.slice(at), at);
      out.push(await bracketed(token.toLowerCase(), text.slice(at + token.length, close), words));
      at = close + 1;
      continue;
    }
    out.push(await word(token, text.slice(at), words));
    at += token.length;
    if (token.trim() !== '') before = token;
    if (isComparison(text, token, at)) out.push(' ');
  }
  return out.join('');
}

/**
 * A type in brackets, of a cast or behind `sizeof`, that GDB does not take as it is written: one with a module, or a
 * tag of C without its keyword. `before`: the token before it.
 */
async function typeAt(
  text: string,
  at: number,
  before: string,
  words: CppWords,
): Promise<{ readonly text: string; readonly end: number } | null> {
  const isNamedCast = /_cast$/.test(before);
  if (text[at] !== (isNamedCast ? '<' : '(')) return null;
  const pattern = isNamedCast ? TYPE_OF_CAST : TYPE_IN_BRACKETS;
  pattern.lastIndex = at;
  const match = pattern.exec(text);
  if (!match) return null;
  const end = pattern.lastIndex;
  const isSize = before === 'sizeof';
  // `(n) + 1` is no cast.
  if (!isNamedCast && !isSize && match[4] === '' && !/^\s*[\w@"'(]/.test(text.slice(end))) return null;
  const pointer = await typePointer(match, words);
  if (pointer === null) return null;
  if (isNamedCast) return { text: `<typeof(*${pointer})>`, end };
  return { text: isSize ? `(*${pointer})` : `(typeof(*${pointer}))`, end };
}

/** Null where GDB takes the type as it is written: with its keyword and without a module, or built in. */
async function typePointer(match: RegExpExecArray, words: CppWords): Promise<string | null> {
  const [, keyword = '', module, name = '', stars = ''] = match;
  if (module === undefined && (keyword !== '' || BUILT_IN.test(name))) return null;
  return words.type(module ?? null, `${keyword}${name}`, stars.replace(/\s/g, '').length);
}

/** Whether `<` right behind a name compares it: GDB would take `a<0) * (b >` for a template. */
function isComparison(text: string, token: string, at: number): boolean {
  if (text[at] !== '<' || !/^[A-Za-z_$][\w$]*$/.test(token)) return false;
  const close = text.indexOf('>', at);
  const inside = text.slice(at + 1, Math.max(at + 1, close));
  // `a<(b)`, `a<b >> 1`.
  if (/^\s*\(/.test(inside) || (text[close + 1] === '>' && /\s$/.test(inside))) return true;
  let depth = 0;
  for (const character of inside) {
    if (character === '(') depth++;
    if (character === ')' && --depth < 0) return true;
  }
  return /&&|\|\||\?/.test(inside);
}

async function word(token: string, rest: string, words: CppWords): Promise<string> {
  if (token === '$!') return '';
  // GDB says int in C.
  if (token === 'sizeof') return '(unsigned long long)sizeof';
  if (token.startsWith('@')) {
    const value = await words.register(token.slice(1).toLowerCase());
    if (value === null) throw engineErrors.badRegister(rest);
    return value;
  }
  const mark = /^[A-Za-z_]\w*!/.exec(token);
  return mark ? words.symbol(token.slice(0, mark[0].length - 1), token.slice(mark[0].length)) : token;
}

async function bracketed(opener: string, inside: string, words: CppWords): Promise<string> {
  if (opener === '@@(' || opener === '@@masm(') return words.masm(inside);
  if (opener === '@@c++(') return `(${await translateCpp(inside, words)})`;
  const args = splitArguments(inside).map((each) => each.trim());
  const [first = '', second = '', third = ''] = args;
  const value = (text: string): Promise<string> => translateCpp(text, words);
  switch (opener) {
    case '#field_offset(':
      return `((unsigned long)&${await field(first, second, words)})`;
    case '#containing_record(': {
      const { cast, pointer } = await typeArgument(second, words);
      return `(${cast}((char *)(${await value(first)}) - (unsigned long)&${pointer}->${third}))`;
    }
    case '#rtl_field_size(':
      return `((unsigned long long)sizeof(${await field(first, second, words)}))`;
    case '#rtl_sizeof_through_field(': {
      const member = await field(first, second, words);
      return `((unsigned long)&${member} + sizeof(${member}))`;
    }
    case '#rtl_number_of(':
      return `((unsigned long long)sizeof(${await value(first)}) / sizeof((${await value(first)})[0]))`;
    case '#rtl_contains_field(': {
      const member = `((typeof(${await value(first)}))0)->${third}`;
      return `((unsigned long)&${member} + sizeof(${member}) <= (unsigned long)(${await value(second)}))`;
    }
    default:
      throw engineErrors.badArgument(`There is no macro ${opener.slice(0, -1).toUpperCase()}`, 0);
  }
}

/** The field of an object at 0. */
async function field(type: string, name: string, words: CppWords): Promise<string> {
  return `${(await typeArgument(type, words)).pointer}->${name}`;
}

/** Of a type that is an argument: a cast to a pointer to it, and a null pointer. */
async function typeArgument(
  type: string,
  words: CppWords,
): Promise<{ readonly cast: string; readonly pointer: string }> {
  const match = WHOLE_TYPE.exec(type);
  const pointer = match && (await typePointer(match, words));
  if (pointer) return { cast: `(typeof(${pointer}))`, pointer };
  return { cast: `(${type} *)`, pointer: `((${type} *)0)` };
}

/** At the commas outside brackets. */
function splitArguments(text: string): readonly string[] {
  const parts = [''];
  let depth = 0;
  for (const character of text) {
    if ('([{'.includes(character)) depth++;
    else if (')]}'.includes(character)) depth--;
    if (character === ',' && depth === 0) parts.push('');
    else parts[parts.length - 1] += character;
  }
  return parts;
}

/** Offset of the bracket that closes the one at `open`, quotes apart; -1 where none does. */
export function closingBracket(text: string, open: number): number {
  let depth = 0;
  for (let at = open; at < text.length; at++) {
    const character = text[at] ?? '';
    if (character === '"' || character === "'") {
      const quoted = /(["'])(?:[^\\]|\\.)*?\1/y;
      quoted.lastIndex = at;
      if (!quoted.test(text)) return -1;
      at = quoted.lastIndex - 1;
    } else if ('([{'.includes(character)) depth++;
    else if (')]}'.includes(character) && --depth === 0) return at;
  }
  return -1;
}

const NO_CALL =
  /^(?:sizeof|alignof|_Alignof|typeof|__typeof__|decltype|typeid|char|short|int|long|float|double|bool|signed|unsigned|void|static_cast|dynamic_cast|reinterpret_cast|const_cast|if|and|or|not|xor)$/;

/** With blanks for the parts that are MASM's: `poi(…)` there is no call. */
function withoutMasm(text: string): string {
  let rest = text;
  for (let open = rest.search(MASM); open >= 0; open = rest.search(MASM)) {
    const bracket = rest.indexOf('(', open);
    const close = closingBracket(rest, bracket);
    const end = close < 0 ? rest.length : close + 1;
    rest = rest.slice(0, open) + ' '.repeat(end - open) + rest.slice(end);
  }
  return rest;
}

const MASM = /@@(?:masm)?\(/i;

/** Offset of the first call of a function by its name; -1 where there is none. */
export function callIn(text: string): number {
  for (const { 0: match, 1: name = '', index } of withoutMasm(text).matchAll(
    /"(?:[^"\\]|\\.)*"|(?<![\w$#@])([A-Za-z_]\w*)\s*\(/g,
  ))
    if (!match.startsWith('"') && !NO_CALL.test(name)) return index;
  return -1;
}
