import { type ReactNode, useEffect, useState } from 'react';

interface Props {
  readonly value: string;
  readonly placeholder: string;
  readonly error: string | null;
  /** ENTER; '' for the place that the window follows by itself. */
  onGo(text: string): void;
}

/** Where a window looks: an address or an expression. */
export function AddressBox({ value, placeholder, error, onGo }: Props): ReactNode {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  return (
    <>
      <input
        className="address-box mono"
        type="text"
        aria-label="Address"
        aria-invalid={error !== null}
        title={error ?? 'An address or an expression; ENTER goes there'}
        placeholder={placeholder}
        value={text}
        spellCheck={false}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') onGo(text.trim());
          else if (event.key === 'Escape') setText(value);
        }}
      />
      {error !== null && (
        <span className="tool-error" role="alert">
          {error}
        </span>
      )}
    </>
  );
}
