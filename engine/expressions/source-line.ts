export interface SourcePosition {
  readonly module: string | null;
  readonly file: string | null;
  readonly line: number | null;
}

/** The inside of `` `[[module!]file][:line]` ``; lines are decimal unless they begin with 0x. Null: malformed. */
export function parseSourceLine(inside: string): SourcePosition | null {
  const match = /^(?:([^!:]+)!)?([^:!]*)(?::\s*(0x[0-9a-f]+|\d+))?$/i.exec(inside.trim());
  if (!match) return null;
  const [, module, file, digits] = match;
  const line = digits === undefined ? null : Number(digits);
  if ((!file && line === null) || (line !== null && !Number.isSafeInteger(line))) return null;
  return { module: module ?? null, file: file?.trim() || null, line };
}
