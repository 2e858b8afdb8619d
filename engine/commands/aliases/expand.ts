/** What names stand for; null: nothing. */
export interface AliasLookup {
  /** `$u0`…`$u9`. */
  fixed(digit: number): string;
  named(name: string): string | null;
}

/** Lines that begin with one of these keep their aliases as they are. */
const ALIAS_COMMANDS = /^(?:as|aS|ad|al)/;

const FIXED = /\$u([0-9])/g;
const TOKEN = /\$\{(?:\/([dfnv]):)?([^\s{}]*)\}/y;
const DELIMITER = /[\s;"]/;
/** Words may be long: they are not looked at character by character. */
const WORD_END = /[\s;"]|\$\{/g;

/**
 * A text with its aliases replaced, as it is before it is parsed: the fixed ones wherever they stand, then the named
 * ones that stand by themselves (at an end of the text, or beside a blank, semicolon or quote) and those in `${…}`.
 * What came for a name is not looked at again. Longer than `limit` characters: null.
 */
export function expandAliases(text: string, aliases: AliasLookup, limit: number): string | null {
  if (ALIAS_COMMANDS.test(text)) return text;
  const fixed = text.includes('$u') ? text.replace(FIXED, (_, digit) => aliases.fixed(Number(digit))) : text;
  if (fixed.length > limit) return null;
  const out: string[] = [];
  let length = 0;
  const put = (piece: string): boolean => {
    out.push(piece);
    length += piece.length;
    return length <= limit;
  };
  for (let at = 0; at < fixed.length; ) {
    const token = fixed.startsWith('${', at) ? tokenAt(fixed, at, aliases) : null;
    if (token) {
      if (!put(token.value)) return null;
      at = token.end;
    } else if (DELIMITER.test(fixed[at] ?? '')) {
      if (!put(fixed[at] ?? '')) return null;
      at++;
    } else {
      const end = wordEnd(fixed, at);
      const word = fixed.slice(at, end);
      const starts = at === 0 || DELIMITER.test(fixed[at - 1] ?? '');
      const ends = end === fixed.length || DELIMITER.test(fixed[end] ?? '');
      if (!put((starts && ends ? aliases.named(word) : null) ?? word)) return null;
      at = end;
    }
  }
  return out.join('');
}

/** Up to a delimiter or a token. */
function wordEnd(text: string, start: number): number {
  WORD_END.lastIndex = start + 1;
  return WORD_END.exec(text)?.index ?? text.length;
}

function tokenAt(text: string, at: number, aliases: AliasLookup): { value: string; end: number } | null {
  TOKEN.lastIndex = at;
  const match = TOKEN.exec(text);
  if (!match) return null;
  const [token, option, name = ''] = match;
  const value = aliases.named(name);
  return { value: standsFor(token, option, name, value), end: TOKEN.lastIndex };
}

function standsFor(token: string, option: string | undefined, name: string, value: string | null): string {
  switch (option) {
    case 'd':
      return value === null ? '0' : '1';
    case 'f':
      return value ?? '';
    case 'n':
      return value === null ? token : name;
    case 'v':
      return token;
    default:
      return value ?? token;
  }
}
