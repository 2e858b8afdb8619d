import {
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { EndlessList } from '../grid/EndlessList.tsx';
import { useStore } from '../lib/store.ts';
import { execute } from '../session/actions.ts';
import { kept } from '../state/settings.ts';
import { useView } from '../views/useView.ts';
import { useMayChange, WindowBody } from '../views/WindowBody.tsx';
import { AddressBox } from './AddressBox.tsx';
import {
  formats,
  type MemoryCell,
  type MemoryRow,
  memoryRows,
  type Size,
  type Width,
} from './memory-rows.ts';
import { ToolBar } from './ToolBar.tsx';
import { addressText } from './text.ts';

/** Bytes that are read above and below where one looks. */
const AROUND = 1024;
/** Room that an address and a byte with its character take, pixels. */
const ADDRESS_WIDTH = 190;
const BYTE_WIDTH = 30;

const place = kept('memoryAddress', '', (value) => (typeof value === 'string' ? value : null));
const format = kept<Size>(
  'memoryFormat',
  1,
  (value) => formats.find(({ size }) => size === value)?.size ?? null,
);

/** The cell that is typed over: what has been typed of it so far. */
interface Cursor {
  readonly address: string;
  readonly typed: string;
}

export function Memory(): ReactNode {
  const at = useStore(place);
  const size = useStore(format);
  const mayChange = useMayChange();
  /** Of the row in the middle, from what `at` comes to. */
  const [middle, setMiddle] = useState(0n);
  const [cursor, setCursor] = useState<Cursor | null>(null);
  const offset = middle - BigInt(AROUND);
  const shown = useView<'memory'>({
    view: 'memory',
    at,
    offset: offset.toString(),
    length: 2 * AROUND,
  });
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame);
  const rows = useMemo(
    () => memoryRows(shown.value, shown.before, size, width),
    [shown.value, shown.before, size, width],
  );
  const base = shown.value ? BigInt(shown.value.base) : null;
  const isBase = (id: string) => base !== null && base >= BigInt(id) && base < BigInt(id) + BigInt(width);
  const baseRow = rows.find(({ id }) => isBase(id))?.id ?? null;
  const cells = useMemo(() => rows.flatMap((row) => row.cells), [rows]);
  const found = cursor ? cells.findIndex(({ address }) => address === cursor.address) : -1;

  const go = (text: string) => {
    place.set(text);
    setMiddle(0n);
    setCursor(null);
  };
  const moveBy = (step: number) => {
    const next = cells[found + step];
    if (next) setCursor({ address: next.address, typed: '' });
  };
  const write = (text: string) => {
    const command = formats.find((each) => each.size === size)?.command;
    if (cursor) void execute(`${command} ${cursor.address} 0x${text}`);
    moveBy(1);
  };
  const type = (digit: string) => {
    const typed = `${cursor?.typed ?? ''}${digit}`;
    if (typed.length === size * 2) write(typed);
    else if (cursor) setCursor({ ...cursor, typed });
  };
  const key = (event: KeyboardEvent): boolean => {
    if (event.ctrlKey || event.altKey || !cursor) return false;
    const across = width / size;
    const steps: Readonly<Record<string, number>> = {
      ArrowLeft: -1,
      ArrowRight: 1,
      ArrowUp: -across,
      ArrowDown: across,
    };
    const step = steps[event.key];
    if (step !== undefined && found >= 0) moveBy(step);
    else if (/^[0-9a-f]$/i.test(event.key) && mayChange) type(event.key.toLowerCase());
    else if (event.key === 'Enter' && cursor.typed !== '') write(cursor.typed);
    else if (event.key === 'Escape') setCursor(cursor.typed === '' ? null : { ...cursor, typed: '' });
    else return false;
    return true;
  };
  const rowOf = ({ address }: Cursor) =>
    rows.find((row) => row.cells.some((cell) => cell.address === address))?.id ?? null;

  return (
    <div className="window-column" ref={frame}>
      <ToolBar label="Memory">
        <AddressBox value={at} placeholder="Stack pointer (@$csp)" error={null} onGo={go} />
        <select
          aria-label="Format"
          value={size}
          onChange={(event) => format.set(Number(event.target.value) as Size)}
        >
          {formats.map((each) => (
            <option key={each.size} value={each.size}>
              {each.text}
            </option>
          ))}
        </select>
      </ToolBar>
      <WindowBody shown={shown}>
        <EndlessList
          label="Memory"
          rows={rows}
          reveal={baseRow}
          selected={cursor ? rowOf(cursor) : null}
          onSelect={(row) => {
            const [first] = row.cells;
            if (first && (!cursor || rowOf(cursor) !== row.id))
              setCursor({ address: first.address, typed: '' });
          }}
          onEdge={({ id }) => {
            if (base !== null) setMiddle(BigInt(id) - base);
          }}
          onKey={key}
          className={({ id }) => (id === baseRow ? 'at-base' : '')}
          draw={(row) => <Line row={row} cursor={cursor} onChoose={setCursor} />}
        />
      </WindowBody>
    </div>
  );
}

function useWidth(frame: RefObject<HTMLDivElement | null>): Width {
  const [width, setWidth] = useState<Width>(16);
  useLayoutEffect(() => {
    const { current: box } = frame;
    if (!box) return;
    const observer = new ResizeObserver(() => {
      const bytes = (box.clientWidth - ADDRESS_WIDTH) / BYTE_WIDTH;
      setWidth(bytes >= 32 ? 32 : bytes >= 16 ? 16 : 8);
    });
    observer.observe(box);
    return () => observer.disconnect();
  }, [frame]);
  return width;
}

interface LineProps {
  readonly row: MemoryRow;
  readonly cursor: Cursor | null;
  onChoose(cursor: Cursor): void;
}

function Line({ row, cursor, onChoose }: LineProps): ReactNode {
  const text = (cell: MemoryCell) =>
    cursor?.address === cell.address && cursor.typed !== ''
      ? cursor.typed.padEnd(cell.digits.length, '_')
      : cell.digits;
  return (
    <>
      <span className="code-address">{addressText(row.id)}</span>
      <span className="memory-cells">
        {row.cells.map((cell) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the list has the keys
          // biome-ignore lint/a11y/noStaticElementInteractions: the list has the keys, and names the row
          <span
            key={cell.address}
            className={`memory-cell ${cell.changed ? 'changed' : ''} ${cell.digits.includes('?') ? 'unreadable' : ''} ${cursor?.address === cell.address ? 'cursor' : ''}`}
            onClick={(event) => {
              event.stopPropagation();
              onChoose({ address: cell.address, typed: '' });
            }}
          >
            {text(cell)}
          </span>
        ))}
      </span>
      <span className="memory-text">{row.characters}</span>
    </>
  );
}
