import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef } from 'react';
import type { BrowsedServer } from '../../electron/ipc/contract.ts';
import { Icon } from '../lib/icons.tsx';
import { kindNames, rowLabel, startedText } from './server-words.ts';

interface Props {
  readonly servers: readonly BrowsedServer[];
  /** Index of the selected row. */
  readonly selected: number;
  onSelect(index: number): void;
  /** ENTER and double-click. */
  onChoose(index: number): void;
}

/** Where a key leads from a row; null: it is not for the list. */
function moved(key: string, from: number, count: number): number | null {
  if (key === 'ArrowDown') return Math.min(count - 1, from + 1);
  if (key === 'ArrowUp') return Math.max(0, from - 1);
  if (key === 'Home') return 0;
  return key === 'End' ? count - 1 : null;
}

/** The servers of a machine, to choose one. It has the keyboard as soon as it is there. */
export function ServerList({ servers, selected, onSelect, onChoose }: Props): ReactNode {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);

  useEffect(() => list.current?.focus(), []);
  useEffect(() => {
    list.current?.querySelector(`[data-row="${selected}"]`)?.scrollIntoView({ block: 'nearest' });
  }, [selected]);

  const keys = (event: KeyboardEvent) => {
    const next = moved(event.key, selected, servers.length);
    if (next === null && event.key !== 'Enter') return;
    event.preventDefault();
    if (next === null) onChoose(selected);
    else onSelect(next);
  };

  return (
    <div className="server-list">
      <div className="server-row server-head" aria-hidden="true">
        <span className="server-cell">Kind</span>
        <span className="server-cell">Connection</span>
        <span className="server-cell">Started by</span>
        <span className="server-cell">Started</span>
      </div>
      <div
        ref={list}
        role="listbox"
        aria-label="Servers"
        aria-activedescendant={`${id}-${selected}`}
        tabIndex={0}
        onKeyDown={keys}
      >
        {servers.map((server, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the list has the keys
          // biome-ignore lint/a11y/useFocusableInteractive: the list has the focus, and names the active row
          <div
            key={`${server.connection} ${server.started}`}
            id={`${id}-${index}`}
            data-row={index}
            role="option"
            aria-selected={index === selected}
            aria-label={rowLabel(server)}
            className="server-row"
            onClick={() => onSelect(index)}
            onDoubleClick={() => onChoose(index)}
          >
            <span className="server-cell">{kindNames[server.kind]}</span>
            <span className="server-cell mono">
              {server.connection}
              {!server.answering && (
                <span className="mark" title="Its process was killed, or does not react">
                  <Icon name="warning" />
                  not answering
                </span>
              )}
            </span>
            <span className="server-cell" title={server.program}>
              {server.user}
            </span>
            <span className="server-cell">{startedText(server.started)}</span>
          </div>
        ))}
      </div>
    </div>
  );
}
