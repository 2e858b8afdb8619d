/**
 * WinDbg's wildcards as a regular expression: `*` any run, `?` one character, `[abc]` one of, `#` none or more
 * and `+` one or more of what stands before, `\` takes the next one as it is. Case does not matter; a leading
 * `_` stands for any number of underscores, none included.
 */
export function wildcard(pattern: string): RegExp {
  let source = '';
  let rest = pattern;
  if (rest.startsWith('_')) {
    source = '_*';
    rest = rest.slice(1);
  }
  for (let at = 0; at < rest.length; at += 1) {
    const character = rest[at] ?? '';
    const close = rest.indexOf(']', at + 2);
    if (character === '*') source += '.*';
    else if (character === '?') source += '.';
    else if ((character === '#' || character === '+') && source !== '')
      source += character === '#' ? '*' : '+';
    else if (character === '[' && close !== -1) {
      source += `[${rest.slice(at + 1, close).replace(/[\\^\]]/g, '\\$&')}]`;
      at = close;
    } else if (character === '\\' && at + 1 < rest.length) {
      at += 1;
      source += literal(rest[at] ?? '');
    } else source += literal(character);
  }
  return safeExpression(source);
}

/** A pattern such as `*#` repeats a repetition; then it is taken as plain text. */
function safeExpression(source: string): RegExp {
  try {
    return new RegExp(`^${source.replace(/(\.\*)+/g, '.*').replace(/\.\*[*+]+/g, '.*')}$`, 'is');
  } catch {
    return new RegExp(`^${literal(source)}$`, 'is');
  }
}

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
}

/**
 * A basic regular expression, as GDB takes it, that matches at least what the pattern does: its longest piece of
 * plain text, in either case; '' where it has none.
 */
export function roughExpression(pattern: string): string {
  let longest = { at: 0, text: '' };
  // What a repetition follows may be missing; what stands in brackets is no text.
  for (const match of pattern.replace(/\[[^\]]*\]|\\./g, '*').matchAll(/[A-Za-z0-9_]+(?![#+])/g)) {
    if (match[0].length > longest.text.length) longest = { at: match.index, text: match[0] };
  }
  const bare = longest.text.replace(/^_+/, '');
  if (bare === '') return '';
  const either = bare.replace(/[a-z]/gi, (letter) => `[${letter.toLowerCase()}${letter.toUpperCase()}]`);
  return longest.at === 0 ? `^_*${either}` : either;
}
