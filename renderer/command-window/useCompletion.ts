import { type RefObject, useState } from 'react';
import { ask } from '../session/live.ts';
import { advance, type Edited, moved, type Offer, replaceFrom } from './completion.ts';

export interface Completion {
  readonly offer: Offer | null;
  /** TAB: completes as far as is certain, else offers the choices. */
  complete(): Promise<void>;
  move(by: number): void;
  accept(index?: number): void;
  close(): void;
}

/** Completion of command names in the command's text box. */
export function useCompletion(
  box: RefObject<HTMLTextAreaElement | null>,
  edit: (edited: Edited) => void,
): Completion {
  const [offer, setOffer] = useState<Offer | null>(null);

  return {
    offer,
    async complete() {
      const { value: text, selectionStart: caret } = box.current ?? { value: '', selectionStart: 0 };
      const result = await ask('session/complete', { text, caret }).catch(() => null);
      // Typed on meanwhile: the answer is to a question that nobody asks any more.
      if (!result || box.current?.value !== text || box.current.selectionStart !== caret) return;
      const certain = advance(text, caret, result);
      if (certain) edit(certain);
      setOffer(result.items.length > 1 ? { from: result.from, items: result.items, selected: 0 } : null);
    },
    move: (by) => setOffer((now) => now && moved(now, by)),
    accept(index) {
      const item = offer?.items[index ?? offer.selected];
      if (offer && item && box.current) {
        edit(replaceFrom(box.current.value, offer.from, box.current.selectionStart, item.text));
      }
      setOffer(null);
    },
    close: () => setOffer(null),
  };
}
