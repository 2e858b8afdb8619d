import { type KeyboardEvent, type ReactNode, useRef } from 'react';

interface Props<T extends string> {
  readonly id: string;
  readonly label: string;
  readonly tabs: readonly { readonly key: T; readonly title: string }[];
  readonly chosen: T;
  readonly disabled: boolean;
  onChoose(key: T): void;
}

/** One stop for the keyboard; arrow keys, Home and End choose. */
export function Tabs<T extends string>({ id, label, tabs, chosen, disabled, onChoose }: Props<T>): ReactNode {
  const buttons = useRef(new Map<T, HTMLButtonElement>());
  const at = tabs.findIndex(({ key }) => key === chosen);
  const move = (event: KeyboardEvent) => {
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = tabs[(to + tabs.length) % tabs.length];
    if (!next) return;
    onChoose(next.key);
    buttons.current.get(next.key)?.focus();
  };
  return (
    <div className="tabs" role="tablist" aria-label={label} onKeyDown={move}>
      {tabs.map(({ key, title }) => (
        <button
          key={key}
          ref={(button) => {
            if (button) buttons.current.set(key, button);
          }}
          type="button"
          role="tab"
          id={`${id}-tab-${key}`}
          aria-selected={key === chosen}
          aria-controls={`${id}-panel`}
          tabIndex={key === chosen ? 0 : -1}
          disabled={disabled}
          onClick={() => onChoose(key)}
        >
          {title}
        </button>
      ))}
    </div>
  );
}
