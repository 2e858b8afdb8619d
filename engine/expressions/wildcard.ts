interface Item {
  readonly matches: (character: string) => boolean;
  /** Least number of times. */
  readonly least: 0 | 1;
  /** Whether more than once is allowed. */
  readonly many: boolean;
}

/**
 * WinDbg's wildcards, case-insensitive: `*` any run, `?` one character, `[abc]`, `[a-z]`, `#` zero or more
 * and `+` one or more of what stands before, `\` takes the next character as it is. Run as an automaton,
 * so that no pattern takes more than pattern × text steps.
 */
export function matchesWildcard(pattern: string, text: string): boolean {
  const items = compile(pattern.toLowerCase());
  let states = close(new Set([0]), items);
  for (const character of text.toLowerCase()) {
    const next = new Set<number>();
    for (const state of states) {
      const item = items[state];
      if (!item?.matches(character)) continue;
      next.add(state + 1);
      if (item.many) next.add(state);
    }
    if (next.size === 0) return false;
    states = close(next, items);
  }
  return states.has(items.length);
}

/** A name as a pattern that stands for itself. */
export function literalPattern(name: string): string {
  return name.replace(/[*?[\]#+\\]/g, '\\$&');
}

/** Adds the states that are reached without a character. */
function close(states: Set<number>, items: readonly Item[]): Set<number> {
  for (const state of states) if (items[state]?.least === 0) states.add(state + 1);
  return states;
}

function compile(pattern: string): Item[] {
  const items: Item[] = [];
  for (let at = 0; at < pattern.length; ) {
    const { matches, end } = unit(pattern, at);
    const quantifier = matches === null ? '*' : pattern[end];
    const isQuantified = matches !== null && (quantifier === '#' || quantifier === '+');
    items.push({
      matches: matches ?? (() => true),
      least: matches === null || quantifier === '#' ? 0 : 1,
      many: matches === null || isQuantified,
    });
    at = isQuantified ? end + 1 : end;
  }
  return items;
}

/** One character's test; null for `*`. */
function unit(pattern: string, at: number): { matches: Item['matches'] | null; end: number } {
  const character = pattern[at];
  if (character === '*') return { matches: null, end: at + 1 };
  if (character === '?') return { matches: () => true, end: at + 1 };
  const close = character === '[' ? pattern.indexOf(']', at + 2) : -1;
  if (close > 0) return { matches: characterClass(pattern.slice(at + 1, close)), end: close + 1 };
  const literalAt = character === '\\' && at + 1 < pattern.length ? at + 1 : at;
  const literal = pattern[literalAt];
  return { matches: (candidate) => candidate === literal, end: literalAt + 1 };
}

function characterClass(inside: string): Item['matches'] {
  return (candidate) => {
    for (let at = 0; at < inside.length; at++) {
      const from = inside[at] ?? '';
      const to = inside[at + 1] === '-' ? inside[at + 2] : undefined;
      if (to !== undefined) at += 2;
      if (candidate >= from && candidate <= (to ?? from)) return true;
    }
    return false;
  };
}
