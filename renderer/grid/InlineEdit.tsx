import { type KeyboardEvent, type ReactNode, type RefObject, useLayoutEffect, useRef } from 'react';

interface Props {
  readonly label: string;
  readonly text: string;
  readonly choices?: readonly { readonly value: string; readonly text: string }[] | undefined;
  /** That nothing is left counts. */
  readonly empty?: true | undefined;
  onCommit(text: string): void;
  /** However it ended. */
  onEnd(): void;
  /** TAB: to the next that can be changed. */
  onNext?(step: 1 | -1): void;
}

type Box = HTMLInputElement | HTMLSelectElement;

/** A value that is typed over where it stands: ENTER and TAB take it, Escape and leaving it do not. */
export function InlineEdit({ label, text, choices, empty, onCommit, onEnd, onNext }: Props): ReactNode {
  const box = useRef<Box>(null);
  useLayoutEffect(() => {
    box.current?.focus();
    if (box.current instanceof HTMLInputElement) box.current.select();
  }, []);
  const end = () => {
    const grid = box.current?.closest<HTMLElement>('[data-window-focus]');
    onEnd();
    grid?.focus();
  };
  const commit = (value: string) => {
    const typed = value.trim();
    if (typed !== text && (typed !== '' || empty)) onCommit(typed);
  };
  const keys = (event: KeyboardEvent<Box>) => {
    event.stopPropagation();
    if (event.key === 'Enter') {
      commit(event.currentTarget.value);
      end();
    } else if (event.key === 'Escape') end();
    else if (event.key === 'Tab') {
      event.preventDefault();
      commit(event.currentTarget.value);
      end();
      onNext?.(event.shiftKey ? -1 : 1);
    }
  };
  const common = {
    'aria-label': label,
    defaultValue: text,
    onKeyDown: keys,
    onBlur: onEnd,
    onClick: stop,
    onDoubleClick: stop,
  };
  if (choices)
    return (
      <select
        {...common}
        ref={box as RefObject<HTMLSelectElement>}
        className="inline-edit"
        onChange={(event) => {
          commit(event.target.value);
          end();
        }}
      >
        {choices.map((each) => (
          <option key={each.value} value={each.value}>
            {each.text}
          </option>
        ))}
      </select>
    );
  return (
    <input
      {...common}
      ref={box as RefObject<HTMLInputElement>}
      className="inline-edit mono"
      spellCheck={false}
    />
  );
}

const stop = (event: { stopPropagation(): void }) => event.stopPropagation();
