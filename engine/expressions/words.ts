const WORD = /[A-Za-z0-9_$]/;
const HEX_SO_FAR = /^(0x)?[0-9a-f`]+$/i;

export function isWordCharacter(character: string | undefined): boolean {
  return character !== undefined && WORD.test(character);
}

/**
 * The end of the word that starts at `start`: a number with graves, a symbol with module (`a!b`), scopes
 * (`a::b`, `a::~b`) and compilers' suffixes (`work.part.0`). `start` itself when there is no word.
 */
export function wordEnd(text: string, start: number): number {
  if (!isWordCharacter(text[start])) return start;
  let end = start + 1;
  for (let step = stepAt(text, start, end); step > 0; step = stepAt(text, start, end)) end += step;
  return end;
}

/** How many characters at `at` still belong to the word. */
function stepAt(text: string, start: number, at: number): number {
  const next = text[at + 1];
  switch (text[at]) {
    case undefined:
      return 0;
    case '`':
      return next !== undefined && /[0-9a-f]/i.test(next) && HEX_SO_FAR.test(text.slice(start, at)) ? 2 : 0;
    case ':':
      return next === ':' && /[\w$~]/.test(text[at + 2] ?? '') ? 3 : 0;
    case '!':
      return isWordCharacter(next) && !text.slice(start, at).includes('!') ? 2 : 0;
    case '.':
      return isWordCharacter(next) ? 2 : 0;
    default:
      return isWordCharacter(text[at]) ? 1 : 0;
  }
}

/**
 * The end of a word with the arguments of a template, and what is scoped behind them: `tmax<int>`,
 * `Box<int>::get`. A `<` that touches a name and is closed before anything but a name is no comparison.
 */
export function templateEnd(text: string, start: number, end: number): number {
  if (text[end] !== '<' || !/[g-z_]/i.test(text.slice(start, end)) || /^[0-9]/.test(text.slice(start)))
    return end;
  const close = closingAngle(text, end);
  if (close < 0 || isWordCharacter(text[close])) return end;
  if (text[close] !== ':') return close;
  const scoped = /^::~?[A-Za-z_$]/.test(text.slice(close))
    ? wordEnd(text, close + (text[close + 2] === '~' ? 3 : 2))
    : -1;
  return scoped < 0 ? close : templateEnd(text, start, scoped);
}

/** The offset after the `>` that closes the `<` at `open`; -1 where there is none, or no list of types. */
function closingAngle(text: string, open: number): number {
  if (!/[A-Za-z_0-9(:]/.test(text[open + 1] ?? '')) return -1;
  let depth = 0;
  for (let at = open; at < text.length; at++) {
    const character = text[at] ?? '';
    if (character === '<') depth++;
    else if (character === '>' && --depth === 0) return at + 1;
    else if (!/[\w\s:,*&()[\]-]/.test(character) && character !== '>') return -1;
  }
  return -1;
}

/** Whether the keyword stands at `at` as a word of its own, in any case. */
export function keywordAt(text: string, at: number, keyword: string): boolean {
  return (
    text.slice(at, at + keyword.length).toLowerCase() === keyword &&
    !isWordCharacter(text[at + keyword.length]) &&
    text[at + keyword.length] !== '!'
  );
}

export function skipBlanks(text: string, at: number): number {
  let end = at;
  while (text[end] === ' ' || text[end] === '\t') end++;
  return end;
}
