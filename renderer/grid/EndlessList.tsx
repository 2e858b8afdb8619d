import { type KeyboardEvent, type ReactNode, useId, useLayoutEffect, useRef, useState } from 'react';
import { useSizes } from '../lib/sizes.ts';
import { useWaitingFocus } from '../views/useWaitingFocus.ts';

/** Lines left above or below what is in sight when more is asked for. */
const EDGE = 12;

export interface EndlessRow {
  readonly id: string;
  /** What the keyboard does not stop at. */
  readonly label?: boolean;
}

interface Props<T extends EndlessRow> {
  readonly label: string;
  readonly rows: readonly T[];
  /** Brought into sight whenever it is another one. */
  readonly reveal: string | null;
  readonly selected: string | null;
  draw(row: T): ReactNode;
  className?(row: T): string;
  onSelect(row: T): void;
  /** What is in sight from this row on is near the end of what there is. */
  onEdge(row: T): void;
  /** True: it was a key of the window's own. */
  onKey?(event: KeyboardEvent): boolean;
  onDoubleClick?(row: T): void;
}

/**
 * A part of a list that has no ends to speak of: a window on it slides along, and what is in sight stays where it is when
 * other rows come.
 */
export function EndlessList<T extends EndlessRow>(props: Props<T>): ReactNode {
  const { rows, reveal, selected } = props;
  const { line: lineHeight } = useSizes();
  const id = useId();
  const body = useRef<HTMLDivElement>(null);
  useWaitingFocus(body);
  const [focused, setFocused] = useState(false);
  /** The row at the top, and how far it is scrolled out. */
  const top = useRef<{ readonly id: string; readonly offset: number } | null>(null);
  const revealed = useRef<string | null>(null);
  const asked = useRef<readonly T[] | null>(null);
  const at = rows.findIndex((row) => row.id === selected);

  const scrollTo = (index: number, block: 'nearest' | 'middle') => {
    const box = body.current;
    if (!box || index < 0) return;
    const y = index * lineHeight;
    const inSight = y >= box.scrollTop && y + lineHeight <= box.scrollTop + box.clientHeight;
    if (inSight) return;
    if (block === 'middle') box.scrollTop = y - box.clientHeight / 3;
    else if (y < box.scrollTop) box.scrollTop = y;
    else box.scrollTop = y + lineHeight - box.clientHeight;
  };

  useLayoutEffect(() => {
    const box = body.current;
    if (!box) return;
    const kept = rows.findIndex((row) => row.id === top.current?.id);
    if (kept >= 0 && top.current) box.scrollTop = kept * lineHeight + top.current.offset;
    if (reveal !== revealed.current || kept < 0) {
      const index = rows.findIndex((row) => row.id === reveal);
      if (index >= 0) revealed.current = reveal;
      scrollTo(index, 'middle');
    }
  });

  const onScroll = () => {
    const box = body.current;
    if (!box) return;
    const first = Math.floor(box.scrollTop / lineHeight);
    const row = rows[first];
    if (!row) return;
    top.current = { id: row.id, offset: box.scrollTop - first * lineHeight };
    const last = Math.ceil((box.scrollTop + box.clientHeight) / lineHeight);
    if (asked.current === rows || (first >= EDGE && last <= rows.length - EDGE)) return;
    asked.current = rows;
    const anchor = rows.slice(first).find(({ label }) => !label);
    if (anchor) props.onEdge(anchor);
  };

  const keys = (event: KeyboardEvent) => {
    if (props.onKey?.(event)) {
      event.preventDefault();
      return;
    }
    if (event.ctrlKey || event.altKey) return;
    const page = Math.max(1, Math.floor((body.current?.clientHeight ?? 0) / lineHeight) - 1);
    const steps: Readonly<Record<string, number>> = {
      ArrowUp: -1,
      ArrowDown: 1,
      PageUp: -page,
      PageDown: page,
    };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const from = at < 0 ? rows.findIndex((row) => row.id === reveal) : at;
    let next = Math.min(rows.length - 1, Math.max(0, from + step));
    while (rows[next]?.label && rows[next + Math.sign(step)]) next += Math.sign(step);
    const row = rows[next];
    if (!row || row.label) return;
    props.onSelect(row);
    scrollTo(next, 'nearest');
  };

  return (
    <div
      className="code-body"
      role="listbox"
      aria-label={props.label}
      aria-activedescendant={focused && at >= 0 ? `${id}-${at}` : undefined}
      ref={body}
      tabIndex={0}
      data-window-focus
      onKeyDown={keys}
      onFocus={() => setFocused(true)}
      onBlur={() => setFocused(false)}
      onScroll={onScroll}
    >
      {rows.map((row, index) =>
        row.label ? (
          <div key={row.id} className={`code-line code-label ${props.className?.(row) ?? ''}`}>
            {props.draw(row)}
          </div>
        ) : (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the list has the keys
          // biome-ignore lint/a11y/useFocusableInteractive: the list has the focus, and names the active row
          <div
            key={row.id}
            id={`${id}-${index}`}
            role="option"
            aria-selected={row.id === selected}
            className={`code-line ${props.className?.(row) ?? ''}`}
            onClick={() => props.onSelect(row)}
            onDoubleClick={() => props.onDoubleClick?.(row)}
          >
            {props.draw(row)}
          </div>
        ),
      )}
    </div>
  );
}
