/**
 * Where the command that begins at `start` ends: at the `;` outside quotes and braces, or at the end of
 * the line. An open quote or brace runs to the end of the line.
 */
export function commandEnd(line: string, start: number): number {
  let braces = 0;
  for (let at = start; at < line.length; at++) {
    const character = line[at];
    if (character === '"') {
      at = quoteEnd(line, at);
    } else if (character === '{') {
      braces++;
    } else if (character === '}') {
      braces = Math.max(0, braces - 1);
    } else if (character === ';' && braces === 0) {
      return at;
    }
  }
  return line.length;
}

/** Offset of the quote that closes the one at `open`; behind an at-sign a backslash escapes nothing. */
function quoteEnd(line: string, open: number): number {
  if (line[open - 1] === '@') {
    const close = line.indexOf('"', open + 1);
    return close < 0 ? line.length : close;
  }
  for (let at = open + 1; at < line.length; at++) {
    if (line[at] === '\\') at++;
    else if (line[at] === '"') return at;
  }
  return line.length;
}
