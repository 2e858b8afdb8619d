import type { CommandEntry } from './entry.ts';

const DEFAULT_GLUE = /^[^A-Za-z0-9_]/;

export interface NameMatch {
  readonly entry: CommandEntry;
  /** As typed, without what is glued to it. */
  readonly name: string;
  /** Where the arguments begin. */
  readonly end: number;
}

/**
 * Finds commands by the longest name that fits what stands in the line: as it is written first, then in
 * either case, so that `dW` and `dw` are two and `DB` is `db`.
 */
export class CommandNames {
  readonly #names: readonly { readonly name: string; readonly entry: CommandEntry }[];

  constructor(entries: readonly CommandEntry[]) {
    this.#names = entries
      .flatMap((entry) => [entry.name, ...(entry.aliases ?? [])].map((name) => ({ name, entry })))
      .sort((a, b) => b.name.length - a.name.length);
  }

  find(line: string, at: number, end: number): NameMatch | null {
    return this.#find(line, at, end, true) ?? this.#find(line, at, end, false);
  }

  #find(line: string, at: number, end: number, exact: boolean): NameMatch | null {
    const text = line.slice(at, end);
    const lower = text.toLowerCase();
    for (const { name, entry } of this.#names) {
      const starts = exact ? text.startsWith(name) : lower.startsWith(name);
      if (!starts) continue;
      const rest = text.slice(name.length);
      if (/^(\s|$)/.test(rest) || (entry.glue ?? DEFAULT_GLUE).test(rest)) {
        return { entry, name: text.slice(0, name.length), end: at + name.length };
      }
    }
    return null;
  }

  /** The command of exactly this name. */
  named(name: string): CommandEntry | null {
    return this.#names.find((each) => each.name === name)?.entry ?? null;
  }

  /** The command whose name is closest, for "did you mean". */
  nearest(word: string): string | null {
    let best: { name: string; distance: number } | null = null;
    for (const { name, entry } of this.#names) {
      if (entry.family === 'Not available here') continue;
      const distance = editDistance(word.toLowerCase().slice(0, 20), name);
      if (distance <= Math.ceil(word.length / 3) && (!best || distance < best.distance)) {
        best = { name, distance };
      }
    }
    return best?.name ?? null;
  }
}

/** Letters put in, left out, changed, or swapped with the next one. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  let above = row;
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swap = swapped ? (above[j - 2] ?? 0) + 1 : change;
      next.push(Math.min(change, swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    above = row;
    row = next;
  }
  return row[b.length] ?? 0;
}
