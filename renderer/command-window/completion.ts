import type { CompleteResult } from '../../engine/protocol/session.ts';

export type Item = CompleteResult['items'][number];

/** Choices offered for the text before the caret. */
export interface Offer {
  readonly from: number;
  readonly items: readonly Item[];
  readonly selected: number;
}

export interface Edited {
  readonly text: string;
  readonly caret: number;
}

export function commonPrefix(items: readonly Item[]): string {
  let prefix = items[0]?.text ?? '';
  for (const { text } of items) {
    while (!text.startsWith(prefix)) prefix = prefix.slice(0, -1);
  }
  return prefix;
}

export function replaceFrom(text: string, from: number, caret: number, inserted: string): Edited {
  return { text: text.slice(0, from) + inserted + text.slice(caret), caret: from + inserted.length };
}

/** What TAB does at once: the only choice, or as much as all have in common where that is more than is typed. */
export function advance(text: string, caret: number, result: CompleteResult): Edited | null {
  const common = commonPrefix(result.items);
  const typed = text.slice(result.from, caret);
  if (common.length <= typed.length && result.items.length !== 1) return null;
  return replaceFrom(text, result.from, caret, common);
}

export function moved(offer: Offer, by: number): Offer {
  const { length } = offer.items;
  return { ...offer, selected: (offer.selected + by + length) % length };
}
