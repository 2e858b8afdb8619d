import { type KeyboardEvent, type ReactNode, useLayoutEffect, useRef } from 'react';

interface Props {
  readonly label: string;
  readonly text: string;
  onCommit(text: string): void;
  /** However it ended. */
  onEnd(): void;
}

/** A value that is typed over where it stands: ENTER takes it, Escape and leaving it do not. */
export function InlineEdit({ label, text, onCommit, onEnd }: Props): ReactNode {
  const box = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => {
    box.current?.focus();
    box.current?.select();
  }, []);
  const end = () => {
    const grid = box.current?.closest<HTMLElement>('[data-window-focus]');
    onEnd();
    grid?.focus();
  };
  const keys = (event: KeyboardEvent<HTMLInputElement>) => {
    event.stopPropagation();
    if (event.key === 'Enter') {
      const typed = event.currentTarget.value.trim();
      if (typed !== '' && typed !== text) onCommit(typed);
      end();
    } else if (event.key === 'Escape') end();
  };
  return (
    <input
      ref={box}
      className="inline-edit mono"
      aria-label={label}
      defaultValue={text}
      spellCheck={false}
      onKeyDown={keys}
      onBlur={onEnd}
      onClick={(event) => event.stopPropagation()}
      onDoubleClick={(event) => event.stopPropagation()}
    />
  );
}
