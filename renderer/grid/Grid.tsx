import {
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
  useEffect,
  useId,
  useMemo,
  useState,
} from 'react';
import { Icon } from '../lib/icons.tsx';
import { useSizes } from '../lib/sizes.ts';
import { movedRow } from '../lists/rows.ts';
import { useVirtual } from '../lists/virtual.ts';
import { useWaitingFocus } from '../views/useWaitingFocus.ts';
import { InlineEdit } from './InlineEdit.tsx';

/** It stays at the top: as workbench.css has it. */
const HEAD_HEIGHT = 22;

export interface Column<T> {
  readonly id: string;
  readonly title: string;
  /** A track of a CSS grid: `90px`, `minmax(80px, 1fr)`. */
  readonly width: string;
  readonly mono?: boolean;
  text(row: T): string;
  /** Instead of the text. */
  content?(row: T): ReactNode;
  changed?(row: T): boolean;
}

export interface Tree<T> {
  /** From 1. */
  level(row: T): number;
  /** null: it has nothing in it. */
  open(row: T): boolean | null;
  toggle(row: T): void;
}

export interface Editing<T> {
  /** In which column. */
  readonly column: string;
  /** What one begins with; null: this row cannot be changed. */
  text(row: T): string | null;
  /** To choose from, in place of what is typed. */
  readonly choices?: readonly { readonly value: string; readonly text: string }[];
  /** That nothing is left is a value too. */
  readonly empty?: true;
  commit(row: T, text: string): void;
}

export interface GridProps<T> {
  readonly label: string;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  readonly empty: ReactNode;
  id(row: T): string;
  /** Marked, as where the target stands. */
  current?(row: T): boolean;
  dimmed?(row: T): boolean;
  title?(row: T): string;
  readonly tree?: Tree<T>;
  /** What can be typed over: F2 begins with the first, TAB goes on to the next. */
  readonly editing?: readonly Editing<T>[] | undefined;
  /** What a row is when it is dragged elsewhere: text; null: it is not. */
  drag?(row: T): string | null;
  /** ENTER and double click. */
  onOpen?(row: T): void;
  /** A click, or the arrow keys have come to rest. */
  onSelect?(row: T): void;
  onDelete?(row: T): void;
  /** Other keys; true: it was one. */
  onKey?(event: KeyboardEvent, row: T | undefined): boolean;
  /** Which rows are in sight. */
  onSight?(from: number, to: number): void;
}

/** Rows in columns, with the keyboard; it takes tens of thousands, since only those in sight are drawn. */
export function Grid<T>(props: GridProps<T>): ReactNode {
  const { rows, columns, tree, editing = [] } = props;
  const id = useId();
  const { row: rowHeight } = useSizes();
  const view = useVirtual(rows.length, rowHeight, HEAD_HEIGHT);
  const [selected, setSelected] = useState<string | null>(null);
  const [edited, setEdited] = useState<{ readonly row: string; readonly column: string } | null>(null);
  const at = useMemo(
    () => (selected === null ? -1 : rows.findIndex((row) => props.id(row) === selected)),
    [rows, selected, props.id],
  );
  const row = rows[at];
  useWaitingFocus(view.body);
  const { onSight } = props;
  useEffect(() => onSight?.(view.from, view.to), [onSight, view.from, view.to]);

  const go = (next: number) => {
    const there = rows[next];
    if (!there) return;
    setSelected(props.id(there));
    view.reveal(next);
    props.onSelect?.(there);
  };
  /** The column that is wanted, or the first that can be changed in the row. */
  const edit = (which: T | undefined, column?: string): boolean => {
    const can = which ? editing.filter((each) => each.text(which) !== null) : [];
    const chosen = can.find((each) => each.column === column) ?? can[0];
    if (!which || !chosen) return false;
    setEdited({ row: props.id(which), column: chosen.column });
    return true;
  };
  const editNext = (which: T, column: string, step: 1 | -1): void => {
    const can = editing.filter((each) => each.text(which) !== null);
    const next = can[can.findIndex((each) => each.column === column) + step];
    if (next) setEdited({ row: props.id(which), column: next.column });
  };
  const parentOf = (from: number): number => {
    const level = tree && row ? tree.level(row) : 1;
    return rows.findLastIndex(
      (each, index) => index < from && tree !== undefined && tree.level(each) < level,
    );
  };

  const treeKey = (key: string): boolean => {
    if (!tree || !row) return false;
    const open = tree.open(row);
    if (key === 'ArrowRight' && open === false) tree.toggle(row);
    else if (key === 'ArrowRight' && open) go(at + 1);
    else if (key === 'ArrowLeft' && open) tree.toggle(row);
    else if (key === 'ArrowLeft' && parentOf(at) >= 0) go(parentOf(at));
    else return false;
    return true;
  };
  const rowKey = (event: KeyboardEvent): boolean => {
    if (props.onKey?.(event, row)) return true;
    if (event.ctrlKey || event.altKey || event.metaKey) return false;
    if (treeKey(event.key)) return true;
    if (!row) return false;
    if (event.key === 'F2') return edit(row);
    if (event.key === 'Delete' && props.onDelete) props.onDelete(row);
    else if (event.key === 'Enter' && props.onOpen) props.onOpen(row);
    else if (event.key === 'Enter') return edit(row);
    else return false;
    return true;
  };
  const keys = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget) return;
    const next = event.ctrlKey || event.altKey ? null : movedRow(event.key, at, rows.length, view.page());
    if (next !== null) go(next);
    else if (!rowKey(event)) return;
    event.preventDefault();
  };

  const template = columns.map(({ width }) => width).join(' ');
  const minWidth = columns.reduce((sum, { width }) => sum + Number(/\d+(?=px)/.exec(width)?.[0] ?? 0), 0);
  return (
    // biome-ignore lint/a11y/useAriaPropsSupportedByRole: a grid and a treegrid both have rows and an active one
    // biome-ignore lint/a11y/noStaticElementInteractions: its role is one of two that are interactive
    <div
      className="table"
      role={tree ? 'treegrid' : 'grid'}
      aria-label={props.label}
      aria-rowcount={rows.length + 1}
      aria-colcount={columns.length}
      aria-activedescendant={at >= view.from && at < view.to ? `${id}-${at}` : undefined}
      ref={view.body}
      onScroll={view.onScroll}
      tabIndex={0}
      data-window-focus
      onKeyDown={keys}
    >
      <Head columns={columns} template={template} minWidth={minWidth} />
      {rows.length === 0 && <div className="window-empty muted">{props.empty}</div>}
      <div className="table-space" style={{ height: rows.length * rowHeight, minWidth }} role="presentation">
        {rows.slice(view.from, view.to).map((each, i) => {
          const index = view.from + i;
          return (
            <Row
              key={props.id(each)}
              domId={`${id}-${index}`}
              index={index}
              row={each}
              template={template}
              grid={props}
              selected={index === at}
              edited={edited?.row === props.id(each) ? edited.column : null}
              onEdited={() => setEdited(null)}
              onNext={(column, step) => editNext(each, column, step)}
              onClick={() => go(index)}
              onDoubleClick={(column) => {
                if (!edit(each, column)) props.onOpen?.(each);
              }}
            />
          );
        })}
      </div>
    </div>
  );
}

interface HeadProps<T> {
  readonly columns: readonly Column<T>[];
  readonly template: string;
  readonly minWidth: number;
}

function Head<T>({ columns, template, minWidth }: HeadProps<T>): ReactNode {
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus
    // biome-ignore lint/a11y/useSemanticElements: of a grid, not of a table
    <div
      className="table-row table-head"
      role="row"
      aria-rowindex={1}
      style={{ gridTemplateColumns: template, minWidth }}
    >
      {columns.map(({ id, title }) => (
        // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus
        // biome-ignore lint/a11y/useSemanticElements: of a grid, not of a table
        <span key={id} role="columnheader" className="table-cell">
          {title}
        </span>
      ))}
    </div>
  );
}

interface RowProps<T> {
  readonly domId: string;
  readonly index: number;
  readonly row: T;
  readonly template: string;
  readonly grid: GridProps<T>;
  readonly selected: boolean;
  /** Which column is typed over. */
  readonly edited: string | null;
  onEdited(): void;
  onNext(column: string, step: 1 | -1): void;
  onClick(): void;
  onDoubleClick(column: string | undefined): void;
}

function Row<T>(props: RowProps<T>): ReactNode {
  const { row, grid, index, edited } = props;
  const { tree } = grid;
  const editing = grid.editing?.find(({ column }) => column === edited);
  const dragged = grid.drag?.(row) ?? null;
  const open = tree ? tree.open(row) : null;
  const level = tree?.level(row) ?? 1;
  const { row: rowHeight } = useSizes();
  const isCurrent = grid.current?.(row) === true;
  const toggle = (event: MouseEvent) => {
    event.stopPropagation();
    tree?.toggle(row);
  };
  const twist = tree && (
    <span className="twist" style={{ marginLeft: (level - 1) * 14 }}>
      {open !== null && (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the grid has the keys
        // biome-ignore lint/a11y/noStaticElementInteractions: a tree's rows open by the arrow keys
        <span className={open ? 'twist-open' : 'twist-shut'} onClick={toggle}>
          <Icon name="twist" />
        </span>
      )}
    </span>
  );
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid has the keys
    // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus, and names the active row
    // biome-ignore lint/a11y/useSemanticElements: of a grid, not of a table
    <div
      id={props.domId}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={props.selected}
      aria-current={isCurrent || undefined}
      aria-level={tree ? level : undefined}
      aria-expanded={open ?? undefined}
      title={grid.title?.(row)}
      className={`table-row ${isCurrent ? 'current' : ''} ${grid.dimmed?.(row) ? 'dimmed' : ''}`}
      style={{ top: index * rowHeight, gridTemplateColumns: props.template }}
      draggable={dragged !== null && edited === null}
      onDragStart={(event) => {
        if (dragged !== null) event.dataTransfer.setData('text/plain', dragged);
      }}
      onClick={props.onClick}
      onDoubleClick={(event) => {
        const cell = (event.target as Element).closest<HTMLElement>('[data-column]');
        props.onDoubleClick(cell?.dataset.column);
      }}
    >
      {grid.columns.map((column, at) => (
        // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus, and names the active row
        // biome-ignore lint/a11y/useSemanticElements: of a grid, not of a table
        <span
          key={column.id}
          data-column={column.id}
          role="gridcell"
          className={`table-cell ${column.mono ? 'mono' : ''} ${column.changed?.(row) ? 'changed' : ''}`}
        >
          {at === 0 && twist}
          {editing?.column === column.id ? (
            <InlineEdit
              label={`${column.title} of ${grid.columns[0]?.text(row).trim() ?? ''}`}
              text={editing.text(row) ?? ''}
              choices={editing.choices}
              empty={editing.empty}
              onCommit={(text) => editing.commit(row, text)}
              onEnd={props.onEdited}
              onNext={(step) => props.onNext(column.id, step)}
            />
          ) : (
            <span className="cell-text" title={grid.title ? undefined : column.text(row)}>
              {column.content ? column.content(row) : column.text(row)}
            </span>
          )}
          {column.changed?.(row) && <span className="visually-hidden"> (changed)</span>}
        </span>
      ))}
    </div>
  );
}
