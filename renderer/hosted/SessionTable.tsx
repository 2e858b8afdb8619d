import { type KeyboardEvent, type ReactNode, useEffect, useId } from 'react';
import type { ListedSession } from '../../electron/ipc/hosted.ts';
import { Icon } from '../lib/icons.tsx';
import { movedRow } from '../lists/rows.ts';
import { useVirtual } from '../lists/virtual.ts';
import { peopleWords, shortBy, stateWords, timeWords } from './words.ts';

const ROW = 46;

interface Props {
  readonly label: string;
  readonly rows: readonly ListedSession[];
  readonly selected: string | null;
  readonly empty: ReactNode;
  onSelect(id: string): void;
  /** ENTER and double-click. */
  onOpen(): void;
  onRemove(): void;
}

/** Sessions, two lines each. */
export function SessionTable(props: Props): ReactNode {
  const { rows, selected, label } = props;
  const id = useId();
  const view = useVirtual(rows.length, ROW);
  const at = rows.findIndex((session) => session.id === selected);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is selected is brought into sight when it or its place changes
  useEffect(() => view.reveal(at), [at, selected]);

  const keys = (event: KeyboardEvent) => {
    const next = movedRow(event.key, at, rows.length, view.page());
    if (next === null && event.key !== 'Enter' && event.key !== 'Delete') return;
    event.preventDefault();
    const row = next === null ? undefined : rows[next];
    if (row) props.onSelect(row.id);
    else if (event.key === 'Enter') props.onOpen();
    else if (event.key === 'Delete') props.onRemove();
  };

  return (
    <div className="grid hosted-grid">
      <div className="grid-top" aria-hidden="true">
        <div className="grid-row grid-head hosted-row">
          <span className="grid-cell">Session</span>
          <span className="grid-cell">Host, computer</span>
          <span className="grid-cell">State</span>
        </div>
      </div>
      <div
        className="grid-body"
        ref={view.body}
        onScroll={view.onScroll}
        role="listbox"
        aria-label={label}
        aria-activedescendant={at >= view.from && at < view.to ? `${id}-${rows[at]?.id}` : undefined}
        tabIndex={0}
        data-main-focus
        onKeyDown={keys}
      >
        {rows.length === 0 && <div className="grid-empty">{props.empty}</div>}
        <div className="grid-space" style={{ height: rows.length * ROW }} role="presentation">
          {rows.slice(view.from, view.to).map((session, i) => (
            <Row
              key={session.id}
              id={`${id}-${session.id}`}
              session={session}
              top={(view.from + i) * ROW}
              selected={session.id === selected}
              onClick={() => props.onSelect(session.id)}
              onDoubleClick={props.onOpen}
            />
          ))}
        </div>
      </div>
    </div>
  );
}

interface RowProps {
  readonly id: string;
  readonly session: ListedSession;
  readonly top: number;
  readonly selected: boolean;
  onClick(): void;
  onDoubleClick(): void;
}

function Row({ id, session, top, selected, onClick, onDoubleClick }: RowProps): ReactNode {
  const { name, description, host, computer, opened, state, agent, end } = session;
  const words = stateWords(session);
  const more = end
    ? shortBy(end.by, end.detail)
    : peopleWords(session) || `since ${timeWords(session.created)}`;
  const label = [
    name,
    description,
    `host ${host.name}`,
    computer,
    words,
    opened && 'its window is open',
    more,
  ];
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list has the keys
    // biome-ignore lint/a11y/useFocusableInteractive: the list has the focus, and names the active row
    <div
      id={id}
      role="option"
      aria-selected={selected}
      aria-label={label.filter(Boolean).join(', ')}
      className={`grid-row hosted-row ${state === 'terminated' ? 'ended' : ''}`}
      style={{ top }}
      onClick={onClick}
      onDoubleClick={onDoubleClick}
    >
      <Cell first={name} second={description} strong />
      <Cell first={host.name || host.email} second={computer} />
      <span className="grid-cell two">
        <span className="line">
          {state === 'open' && (
            <Icon name={agent ? 'connect' : 'warning'} className={agent ? 'icon-ok' : 'icon-away'} />
          )}
          {words}
        </span>
        <span className="line muted">{opened ? `${more} · open here` : more}</span>
      </span>
    </div>
  );
}

function Cell({ first, second, strong }: { first: string; second: string; strong?: boolean }): ReactNode {
  return (
    <span className="grid-cell two" title={second === '' ? first : `${first}\n${second}`}>
      <span className={`line ${strong ? 'strong' : ''}`}>{first}</span>
      <span className="line muted">{second}</span>
    </span>
  );
}
