import { type KeyboardEvent, type ReactNode, useEffect, useId, useMemo } from 'react';
import type { ListedProcess } from '../../electron/ipc/contract.ts';
import { Icon } from '../lib/icons.tsx';
import { movedRow } from '../lists/rows.ts';
import { useVirtual } from '../lists/virtual.ts';
import { type Column, firstSorting, type Sorting, startedWords } from './process-rows.ts';

const ROW = 26;
/** It stays at the top; with its border. */
const HEAD = 30;

const columns: readonly { readonly by: Column; readonly text: string }[] = [
  { by: 'pid', text: 'PID' },
  { by: 'name', text: 'Name' },
  { by: 'user', text: 'User' },
  { by: 'commandLine', text: 'Command line' },
  { by: 'architecture', text: 'Architecture' },
  { by: 'started', text: 'Started' },
];

interface Props {
  /** Filtered and sorted. */
  readonly rows: readonly ListedProcess[];
  readonly sorting: Sorting;
  readonly chosen: number | null;
  /** Shown where there are no rows. */
  readonly empty: ReactNode;
  readonly disabled: boolean;
  onSort(sorting: Sorting): void;
  onChoose(pid: number): void;
  /** ENTER and double click. */
  onAttach(): void;
}

/** The processes of a machine; it takes thousands, since only those in sight are drawn. */
export function ProcessTable(props: Props): ReactNode {
  const { rows, sorting, chosen, empty, disabled } = props;
  const id = useId();
  const view = useVirtual(rows.length, ROW, HEAD);
  const at = useMemo(() => rows.findIndex(({ pid }) => pid === chosen), [rows, chosen]);
  const now = Date.now();
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is chosen is brought into sight when it or its place changes
  useEffect(() => view.reveal(at), [at, chosen]);

  const keys = (event: KeyboardEvent) => {
    if (disabled || event.target !== event.currentTarget) return;
    const next = movedRow(event.key, at, rows.length, view.page());
    if (next === null && event.key !== 'Enter') return;
    event.preventDefault();
    const row = next === null ? undefined : rows[next];
    if (row) props.onChoose(row.pid);
    else if (event.key === 'Enter') props.onAttach();
  };

  return (
    // biome-ignore lint/a11y/useSemanticElements: a table cannot have the keyboard and a row that is active in it
    <div
      className="grid scrolling"
      role="grid"
      aria-label="Processes"
      aria-rowcount={rows.length + 1}
      aria-colcount={columns.length}
      aria-activedescendant={at >= view.from && at < view.to ? `${id}-${rows[at]?.pid}` : undefined}
      tabIndex={0}
      ref={view.body}
      onScroll={view.onScroll}
      onKeyDown={keys}
    >
      <Head sorting={sorting} onSort={props.onSort} />
      {rows.length === 0 && <div className="grid-empty">{empty}</div>}
      <div className="grid-space" style={{ height: rows.length * ROW }} role="presentation">
        {rows.slice(view.from, view.to).map((process, i) => (
          <Row
            key={process.pid}
            id={`${id}-${process.pid}`}
            process={process}
            index={view.from + i}
            now={now}
            selected={process.pid === chosen}
            onClick={() => !disabled && props.onChoose(process.pid)}
            onDoubleClick={() => !disabled && props.onAttach()}
          />
        ))}
      </div>
    </div>
  );
}

function Head({ sorting, onSort }: Pick<Props, 'sorting' | 'onSort'>): ReactNode {
  const sort = (by: Column) => onSort(by === sorting.by ? { by, down: !sorting.down } : firstSorting(by));
  return (
    <div className="grid-top" role="presentation">
      {/* biome-ignore lint/a11y/useFocusableInteractive: its buttons have the keyboard */}
      {/* biome-ignore lint/a11y/useSemanticElements: of a grid, not of a table */}
      <div className="grid-row grid-head process-row" role="row" aria-rowindex={1}>
        {columns.map(({ by, text }) => (
          // biome-ignore lint/a11y/useFocusableInteractive: its button has the keyboard
          // biome-ignore lint/a11y/useSemanticElements: of a grid, not of a table
          <div
            key={by}
            role="columnheader"
            className={`grid-cell ${by === 'pid' ? 'number' : ''}`}
            aria-sort={by !== sorting.by ? 'none' : sorting.down ? 'descending' : 'ascending'}
          >
            <button type="button" className="grid-sort" onClick={() => sort(by)} title={`Sort by ${text}`}>
              {text}
              {by === sorting.by && <Icon name={sorting.down ? 'sortDown' : 'sortUp'} />}
            </button>
          </div>
        ))}
      </div>
    </div>
  );
}

interface RowProps {
  readonly id: string;
  readonly process: ListedProcess;
  readonly index: number;
  readonly now: number;
  readonly selected: boolean;
  onClick(): void;
  onDoubleClick(): void;
}

function Row({ id, process, index, now, selected, onClick, onDoubleClick }: RowProps): ReactNode {
  const { obstacle, commandLine } = process;
  const cells: Readonly<Record<Column, string>> = {
    pid: String(process.pid),
    name: process.name,
    user: process.user,
    commandLine,
    architecture: process.architecture,
    started: startedWords(process.started, now),
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid has the keys
    // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus, and names the active row
    // biome-ignore lint/a11y/useSemanticElements: of a grid, not of a table
    <div
      id={id}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={selected}
      aria-disabled={obstacle !== null}
      aria-description={obstacle === null ? undefined : `Cannot attach. ${obstacle}.`}
      title={obstacle === null ? undefined : `Cannot attach. ${obstacle}.`}
      className={`grid-row process-row ${obstacle === null ? '' : 'blocked'}`}
      style={{ top: index * ROW }}
      onClick={onClick}
      onDoubleClick={onDoubleClick}
    >
      {columns.map(({ by }) => (
        // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus, and names the active row
        // biome-ignore lint/a11y/useSemanticElements: of a grid, not of a table
        <span
          key={by}
          role="gridcell"
          className={`grid-cell ${by === 'pid' ? 'number' : ''} ${by === 'commandLine' ? 'mono' : ''}`}
          title={obstacle === null && (by === 'commandLine' || by === 'name') ? cells[by] : undefined}
        >
          {cells[by]}
        </span>
      ))}
    </div>
  );
}
