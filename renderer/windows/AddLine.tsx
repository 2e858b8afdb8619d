import { type KeyboardEvent, type ReactNode, useState } from 'react';
import { Icon } from '../lib/icons.tsx';

interface Props {
  readonly label: string;
  readonly placeholder: string;
  readonly disabled?: boolean;
  onAdd(text: string): void;
}

/** A line below a list, which adds what is typed to it. */
export function AddLine({ label, placeholder, disabled, onAdd }: Props): ReactNode {
  const [text, setText] = useState('');
  const keys = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || text.trim() === '') return;
    onAdd(text.trim());
    setText('');
  };
  return (
    <div className="add-line">
      <Icon name="plus" />
      <input
        className="mono"
        aria-label={label}
        placeholder={placeholder}
        value={text}
        spellCheck={false}
        disabled={disabled}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={keys}
      />
    </div>
  );
}
