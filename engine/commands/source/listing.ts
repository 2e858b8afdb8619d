/** What `ls` and its kin remember. */
export class SourceListing {
  /** The file that is shown; null: that of the instruction pointer. */
  file: string | null = null;
  /** The line that comes next. */
  next = 1;
  /** `lsp -a`: lines before and after that `lsa` shows; null: twenty from the line on. */
  around: readonly [before: number, after: number] | null = null;
  /** `lsp`: lines before and after at the prompt. */
  prompt: readonly [before: number, after: number] = [0, 0];
}

/** `>  44: text`; the mark is for the line that comes next in the program. */
export function sourceLines(lines: readonly string[], first: number, current: number | null): string {
  return lines
    .map((text, index) => {
      const number = first + index;
      return `${number === current ? '>' : ' '}${String(number).padStart(5)}: ${text}`.trimEnd();
    })
    .join('\n');
}
