import type { ReactNode } from 'react';

interface Props {
  readonly label: string;
  readonly value: string;
  onChange(value: string): void;
}

export function FilterBox({ label, value, onChange }: Props): ReactNode {
  return (
    <input
      className="filter-box"
      type="text"
      aria-label={label}
      placeholder="Filter"
      value={value}
      spellCheck={false}
      onChange={(event) => onChange(event.target.value)}
      onKeyDown={(event) => event.key === 'Escape' && onChange('')}
    />
  );
}
