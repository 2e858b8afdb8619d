import {
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
  useEffect,
  useId,
  useMemo,
  useRef,
  useState,
} from 'react';
import { Icon } from '../lib/icons.tsx';
import { useSizes } from '../lib/sizes.ts';
import { movedRow } from '../lists/rows.ts';
import { useVirtual } from '../lists/virtual.ts';
import { useWaitingFocus } from '../views/useWaitingFocus.ts';
import { InlineEdit } from './InlineEdit.tsx';

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
  readonly editing?: Editing<T> | undefined;
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
  const { rows, columns, tree, editing } = props;
  const id = useId();
  const { row: rowHeight } = useSizes();
  const view = useVirtual(rows.length, rowHeight);
  const [selected, setSelected] = useState<string | null>(null);
  const [edited, setEdited] = useState<string | null>(null);
  const at = useMemo(
    () => (selected === null ? -1 : rows.findIndex((row) => props.id(row) === selected)),
    [rows, selected, props.id],
  );
  const row = rows[at];
  const frame = useRef<HTMLDivElement>(null);
  useWaitingFocus(frame);
  const { onSight } = props;
  useEffect(() => onSight?.(view.from, view.to), [onSight, view.from, view.to]);

  const go = (next: number) => {
    const there = rows[next];
    if (!there) return;
    setSelected(props.id(there));
    view.reveal(next);
    props.onSelect?.(there);
  };
  const edit = (which: T | undefined): boolean => {
    if (!which || !editing || editing.text(which) === null) return false;
    setEdited(props.id(which));
    return true;
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
  // The head stands apart from what scrolls, and goes along sideways.
  const onScroll = () => {
    view.onScroll();
    const { current: body } = view.body;
    const head = body?.previousElementSibling as HTMLElement | null;
    if (body && head) head.style.transform = `translateX(${-body.scrollLeft}px)`;
  };
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
      ref={frame}
      tabIndex={0}
      data-window-focus
      onKeyDown={keys}
    >
      <Head columns={columns} template={template} minWidth={minWidth} />
      <div className="table-body" ref={view.body} onScroll={onScroll} role="presentation">
        {rows.length === 0 && <div className="window-empty muted">{props.empty}</div>}
        <div
          className="table-space"
          style={{ height: rows.length * rowHeight, minWidth }}
          role="presentation"
        >
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
                edited={edited === props.id(each)}
                onEdited={() => setEdited(null)}
                onClick={() => go(index)}
                onDoubleClick={() => {
                  if (!edit(each)) props.onOpen?.(each);
                }}
              />
            );
          })}
        </div>
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
  readonly edited: boolean;
  onEdited(): void;
  onClick(): void;
  onDoubleClick(): void;
}

function Row<T>(props: RowProps<T>): ReactNode {
  const { row, grid, index, edited } = props;
  const { tree, editing } = grid;
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
      onClick={props.onClick}
      onDoubleClick={props.onDoubleClick}
    >
      {grid.columns.map((column, at) => (
        // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus, and names the active row
        // biome-ignore lint/a11y/useSemanticElements: of a grid, not of a table
        <span
          key={column.id}
          role="gridcell"
          className={`table-cell ${column.mono ? 'mono' : ''} ${column.changed?.(row) ? 'changed' : ''}`}
        >
          {at === 0 && twist}
          {edited && editing?.column === column.id ? (
            <InlineEdit
              label={`${column.title} of ${grid.columns[0]?.text(row) ?? ''}`}
              text={editing.text(row) ?? ''}
              onCommit={(text) => editing.commit(row, text)}
              onEnd={props.onEdited}
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
