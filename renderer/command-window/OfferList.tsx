import { type ReactNode, useEffect, useRef } from 'react';
import type { Offer } from './completion.ts';

interface Props {
  readonly id: string;
  readonly offer: Offer;
  onChoose(index: number): void;
}

export function OfferList({ id, offer, onChoose }: Props): ReactNode {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.children[offer.selected]?.scrollIntoView({ block: 'nearest' });
  }, [offer]);
  return (
    <div id={id} ref={list} className="offer" role="listbox" aria-label="Completions">
      {offer.items.map((item, i) => (
        // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the text box, which names the active option
        // biome-ignore lint/a11y/useKeyWithClickEvents: the text box has the keys
        <div
          key={item.text}
          id={`${id}-${i}`}
          role="option"
          className="option"
          aria-selected={i === offer.selected}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onChoose(i)}
        >
          <code>{item.text}</code>
          {item.detail !== '' && <span className="detail">{item.detail}</span>}
        </div>
      ))}
    </div>
  );
}
