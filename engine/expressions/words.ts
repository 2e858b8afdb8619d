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
