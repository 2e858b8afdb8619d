import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef } from 'react';
import type { FolderItem } from '../../electron/ipc/contract.ts';
import { Icon, type IconName } from '../lib/icons.tsx';
import { movedRow } from '../lists/rows.ts';
import { useVirtual } from '../lists/virtual.ts';
import { rowBeginning, sizeWords } from './folder-rows.ts';

const ROW = 26;
/** Letters that follow each other faster are one word. */
const WORD_MS = 700;

const icons: Readonly<Record<FolderItem['kind'], IconName>> = {
  folder: 'folder',
  program: 'go',
  file: 'file',
  other: 'file',
};
const kinds: Readonly<Record<FolderItem['kind'], string>> = {
  folder: 'Folder',
  program: 'Program',
  file: 'File',
  other: 'Other',
};

interface Props {
  readonly items: readonly FolderItem[];
  readonly row: number;
  readonly label: string;
  readonly empty: string;
  onRow(row: number): void;
  /** ENTER and double click. */
  onOpen(row: number): void;
  /** Backspace, Alt+Up. */
  onUp(): void;
}

/** What a folder holds. It has the keyboard as soon as it is there: letters lead to names. */
export function FileList({ items, row, label, empty, onRow, onOpen, onUp }: Props): ReactNode {
  const id = useId();
  const view = useVirtual(items.length, ROW);
  const typed = useRef({ text: '', at: 0 });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the row is brought into sight when it or the list changes
  useEffect(() => view.reveal(row), [row, items]);

  const type = (letter: string) => {
    const now = performance.now();
    const text = now - typed.current.at < WORD_MS ? typed.current.text + letter : letter;
    typed.current = { text, at: now };
    const found = rowBeginning(items, text, text.length > 1 ? row : row + 1);
    if (found >= 0) onRow(found);
  };
  const keys = (event: KeyboardEvent) => {
    if (event.key === 'Backspace' || (event.key === 'ArrowUp' && event.altKey)) onUp();
    else if (event.key === 'Enter') onOpen(row);
    else if (event.ctrlKey || event.altKey || event.metaKey) return;
    else {
      const next = movedRow(event.key, row, items.length, view.page());
      if (next !== null) onRow(next);
      else if (event.key.length === 1) type(event.key);
      else return;
    }
    event.preventDefault();
  };

  return (
    <div
      className="grid scrolling"
      role="listbox"
      aria-label={label}
      aria-activedescendant={row >= view.from && row < view.to ? `${id}-${row}` : undefined}
      tabIndex={0}
      ref={view.body}
      onScroll={view.onScroll}
      onKeyDown={keys}
      data-autofocus
    >
      {items.length === 0 && <div className="grid-empty">{empty}</div>}
      <div className="grid-space" style={{ height: items.length * ROW }} role="presentation">
        {items.slice(view.from, view.to).map((item, i) => {
          const index = view.from + i;
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the list has the keys
            // biome-ignore lint/a11y/useFocusableInteractive: the list has the focus, and names the active row
            <div
              key={item.name}
              id={`${id}-${index}`}
              role="option"
              aria-selected={index === row}
              aria-setsize={items.length}
              aria-posinset={index + 1}
              aria-label={`${item.name}, ${kinds[item.kind]}`}
              className={`grid-row file-row ${item.kind}`}
              style={{ top: index * ROW }}
              onClick={() => onRow(index)}
              onDoubleClick={() => onOpen(index)}
            >
              <Icon name={icons[item.kind]} />
              <span className="grid-cell" title={item.name}>
                {item.name}
              </span>
              <span className="grid-cell">{kinds[item.kind]}</span>
              <span className="grid-cell number">{item.kind === 'folder' ? '' : sizeWords(item.size)}</span>
            </div>
          );
        })}
      </div>
    </div>
  );
}
