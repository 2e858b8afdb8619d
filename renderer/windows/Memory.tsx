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
import { addAnother } from '../workbench/actions.ts';
import { AddressBox } from './AddressBox.tsx';
import { formatNamed, type MemoryFormat, memoryFormats } from './memory-formats.ts';
import { type MemoryCell, type MemoryRow, memoryRows } from './memory-rows.ts';
import { ToolBar } from './ToolBar.tsx';
import { addressText } from './text.ts';

/** Bytes that are read above and below where one looks. */
const AROUND = 1024;
/** Room that an address takes, pixels, and a character. */
const ADDRESS_WIDTH = 175;
const CHARACTER_WIDTH = 7.6;
const GAP = 6;

/** Bytes of a row that can be chosen; 0: as many as there is room for. */
const widths = [0, 4, 8, 16, 32, 64] as const;

const asText = (value: unknown) => (typeof value === 'string' ? value : null);

/** What each of the Memory windows shows: the first is 1. */
const settingsOf = (() => {
  const made = new Map<number, ReturnType<typeof makeSettings>>();
  return (instance: number) => {
    const known = made.get(instance) ?? makeSettings(instance);
    made.set(instance, known);
    return known;
  };
})();

function makeSettings(instance: number) {
  const suffix = instance === 1 ? '' : String(instance);
  return {
    place: kept(`memoryAddress${suffix}`, '', asText),
    format: kept(`memoryShows${suffix}`, 'b', asText),
    columns: kept<number>(`memoryColumns${suffix}`, 0, (value) =>
      (widths as readonly unknown[]).includes(value) ? (value as number) : null,
    ),
  };
}

/** The cell that is typed over: what has been typed of it so far. */
interface Cursor {
  readonly address: string;
  readonly typed: string;
}

export function Memory({ instance = 1 }: { instance?: number }): ReactNode {
  const stores = settingsOf(instance);
  const at = useStore(stores.place);
  const format = formatNamed(useStore(stores.format));
  const columns = useStore(stores.columns);
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
    ...(format.size === null && { symbols: true }),
  });
  const frame = useRef<HTMLDivElement>(null);
  const size = format.size ?? shown.value?.pointerSize ?? 8;
  const fitting = useWidth(frame, format, size);
  const width = format.size === null ? size : Math.max(size, columns || fitting);
  const rows = useMemo(
    () => memoryRows(shown.value, shown.before, format, width),
    [shown.value, shown.before, format, width],
  );
  const base = shown.value ? BigInt(shown.value.base) : null;
  const isBase = (id: string) => base !== null && base >= BigInt(id) && base < BigInt(id) + BigInt(width);
  const baseRow = rows.find(({ id }) => isBase(id))?.id ?? null;
  const cells = useMemo(() => rows.flatMap((row) => row.cells), [rows]);
  const found = cursor ? cells.findIndex(({ address }) => address === cursor.address) : -1;

  const go = (text: string) => {
    stores.place.set(text);
    setMiddle(0n);
    setCursor(null);
  };
  const moveBy = (step: number) => {
    const next = cells[found + step];
    if (next) setCursor({ address: next.address, typed: '' });
  };
  const write = (text: string) => {
    const command = cursor && format.command(cursor.address, text);
    if (command) void execute(command);
    moveBy(1);
  };
  const type = (typedKey: string) => {
    const typed = `${cursor?.typed ?? ''}${typedKey}`;
    if (typed.length === format.whole) write(typed);
    else if (cursor && typed.length <= format.width) setCursor({ ...cursor, typed });
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
    else if (format.key.test(event.key) && mayChange) type(event.key);
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
          value={format.id}
          onChange={(event) => {
            stores.format.set(event.target.value);
            setCursor(null);
          }}
        >
          {memoryFormats.map((each) => (
            <option key={each.id} value={each.id}>
              {each.text}
            </option>
          ))}
        </select>
        <select
          aria-label="Bytes in a row"
          value={columns}
          disabled={format.size === null}
          onChange={(event) => stores.columns.set(Number(event.target.value))}
        >
          {widths.map((each) => (
            <option key={each} value={each}>
              {each === 0 ? 'As many as fit' : `${each} a row`}
            </option>
          ))}
        </select>
        <button
          type="button"
          className="quiet"
          title="Another Memory window"
          onClick={() => addAnother('memory')}
        >
          New window
        </button>
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
          draw={(row) => <Line row={row} format={format} cursor={cursor} onChoose={setCursor} />}
        />
      </WindowBody>
    </div>
  );
}

/** Bytes of a row that there is room for: a power of two. */
function useWidth(frame: RefObject<HTMLDivElement | null>, format: MemoryFormat, size: number): number {
  const [room, setRoom] = useState(600);
  useLayoutEffect(() => {
    const { current: box } = frame;
    if (!box) return;
    const observer = new ResizeObserver(() => setRoom(box.clientWidth - ADDRESS_WIDTH));
    observer.observe(box);
    return () => observer.disconnect();
  }, [frame]);
  const isText = format.whole === 1;
  const cell = format.width * CHARACTER_WIDTH + (isText ? 0 : GAP);
  const byte = cell / size + (isText ? 0 : CHARACTER_WIDTH);
  const fits = [64, 32, 16, 8].find((each) => each * byte <= room && (isText || each <= 32));
  return Math.max(fits ?? 8, size);
}

interface LineProps {
  readonly row: MemoryRow;
  readonly format: MemoryFormat;
  readonly cursor: Cursor | null;
  onChoose(cursor: Cursor): void;
}

function Line({ row, format, cursor, onChoose }: LineProps): ReactNode {
  const text = (cell: MemoryCell) =>
    cursor?.address === cell.address && cursor.typed !== ''
      ? cursor.typed.padEnd(format.width, '_')
      : cell.text.padStart(format.width);
  return (
    <>
      <span className="code-address">{addressText(row.id)}</span>
      <span className={`memory-cells ${format.whole === 1 ? 'memory-characters' : ''}`}>
        {row.cells.map((cell) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the list has the keys
          // biome-ignore lint/a11y/noStaticElementInteractions: the list has the keys, and names the row
          <span
            key={cell.address}
            className={`memory-cell ${cell.changed ? 'changed' : ''} ${!cell.readable ? 'unreadable' : ''} ${cursor?.address === cell.address ? 'cursor' : ''}`}
            onClick={(event) => {
              event.stopPropagation();
              onChoose({ address: cell.address, typed: '' });
            }}
          >
            {text(cell)}
          </span>
        ))}
      </span>
      {format.size === null ? (
        <span className="memory-name">{row.name}</span>
      ) : (
        format.whole !== 1 && <span className="memory-text">{row.characters}</span>
      )}
    </>
  );
}
