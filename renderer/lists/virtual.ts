import { type RefObject, useLayoutEffect, useRef, useState } from 'react';
import { rowsInSight } from './rows.ts';

export interface Virtual {
  readonly body: RefObject<HTMLDivElement | null>;
  /** The rows to be drawn: from, and up to but not including. */
  readonly from: number;
  readonly to: number;
  /** Whole rows in sight. */
  page(): number;
  onScroll(): void;
  reveal(index: number): void;
}

/**
 * Of many rows, all of one height, those in sight; the list's height is that of all.
 * @param head of what stays above them, pixels
 */
export function useVirtual(count: number, height: number, head = 0): Virtual {
  const body = useRef<HTMLDivElement>(null);
  const [scroll, setScroll] = useState({ top: 0, seen: 600 });
  const measure = () => {
    const box = body.current;
    if (!box) return;
    // In whole rows: a scroll of a few pixels draws nothing anew.
    const top = Math.floor(box.scrollTop / height) * height;
    const seen = box.clientHeight - head;
    setScroll((now) => (now.top === top && now.seen === seen ? now : { top, seen }));
  };
  useLayoutEffect(measure);
  return {
    body,
    ...rowsInSight(count, height, scroll.top, scroll.seen),
    page: () => Math.max(1, Math.floor(((body.current?.clientHeight ?? 0) - head) / height) - 1),
    onScroll: measure,
    reveal(index) {
      const box = body.current;
      if (!box || index < 0) return;
      const top = index * height;
      if (top < box.scrollTop) box.scrollTop = top;
      else if (top + height > box.scrollTop + box.clientHeight - head)
        box.scrollTop = top + height - box.clientHeight + head;
      measure();
    },
  };
}
