/**
 * The words of a line of arguments, quoted as in a shell: `'…'`, `"…"`, backslash. Nothing is expanded.
 * An open quote reaches to the end.
 */
export function splitArguments(line: string): string[] {
  const words: string[] = [];
  const piece = /\s+|'([^']*)'?|"((?:[^"\\]|\\.)*)"?|\\(.)|([^\s'"\\]+)|\\$/gs;
  let word: string | null = null;
  for (const [whole, single, double, escaped, bare] of line.matchAll(piece)) {
    if (/^\s/.test(whole)) {
      if (word !== null) words.push(word);
      word = null;
      continue;
    }
    const text = single ?? double?.replace(/\\(["\\$`])/g, '$1') ?? escaped ?? bare ?? '';
    word = (word ?? '') + text;
  }
  if (word !== null) words.push(word);
  return words;
}

/** As {@link splitArguments} takes them apart again. */
export function joinArguments(args: readonly string[]): string {
  return args.map((arg) => (/^[^\s"'\\]+$/.test(arg) ? arg : `'${arg.replaceAll("'", `'\\''`)}'`)).join(' ');
}
