const PART = /[A-Za-z_$][\w$]*(?:(?:\.|->|::)[A-Za-z_]\w*|\[\w+\])*/g;
const WORD = /\w/;

/** What is under the pointer: of `a->b.c` as much as stands before it and is pointed to. */
export function expressionAt(
  line: string,
  column: number,
): { readonly from: number; readonly to: number } | null {
  for (const match of line.matchAll(PART)) {
    const from = match.index;
    if (column < from || column > from + match[0].length) continue;
    let to = column;
    while (to < from + match[0].length && WORD.test(line[to] ?? '')) to++;
    return to > from ? { from, to } : null;
  }
  return null;
}
