import { type KeyboardEvent, type ReactNode, useEffect, useMemo, useState } from 'react';
import type { DisassemblyLine, DisassemblyView } from '../../engine/protocol/views.ts';
import { EndlessList, type EndlessRow } from '../grid/EndlessList.tsx';
import { useSizes } from '../lib/sizes.ts';
import { useStore } from '../lib/store.ts';
import { execute } from '../session/actions.ts';
import { kept } from '../state/settings.ts';
import { useView } from '../views/useView.ts';
import { useMayChange, WindowBody } from '../views/WindowBody.tsx';
import { AddressBox } from './AddressBox.tsx';
import { LANES, type LanePiece, laneRows } from './jumps.ts';
import { Toggle, ToolBar } from './ToolBar.tsx';
import { addressText, baseName } from './text.ts';

const BEFORE = 60;
const AFTER = 120;

const asBoolean = (value: unknown) => (typeof value === 'boolean' ? value : null);
const withBytes = kept('disassemblyBytes', true, asBoolean);
const withSource = kept('disassemblySource', true, asBoolean);

interface Row extends EndlessRow {
  readonly line: DisassemblyLine;
  /** Of a label: the source line's text; '' where it is not known. */
  readonly text?: string;
}

/** '' where none is known. */
const functionOf = ({ symbol }: DisassemblyLine) =>
  symbol.includes('!') ? symbol.replace(/\+0x[0-9a-f]+$/, '') : '';

const lineKey = (file: string, line: number) => `${line} ${file}`;

function placeOf(line: DisassemblyLine): string {
  return `${functionOf(line)} ${line.source ? lineKey(line.source.file, line.source.line) : ''}`;
}

/** Instructions, with a line before those of another function or source line. */
function rowsOf(view: DisassemblyView | null): Row[] {
  const texts = new Map(view?.texts?.map(({ file, line, text }) => [lineKey(file, line), text]));
  let before = '';
  return (view?.lines ?? []).flatMap((line) => {
    const place = placeOf(line);
    const { source } = line;
    const text = source ? texts.get(lineKey(source.file, source.line)) : undefined;
    const label: Row[] =
      place === before || place.trim() === ''
        ? []
        : [{ id: `${line.address} label`, label: true, line, text: text?.trim() ?? '' }];
    before = place;
    return [...label, { id: line.address, line }];
  });
}

/** A jump, not a call: it stays in the function. */
const jumpTarget = ({ text, target }: DisassemblyLine) => (/^(?:call|bl\b|blr)/.test(text) ? null : target);

/** Where one looks: `at` is what was typed, '' follows the target; `from`: scrolled there. */
interface Place {
  readonly at: string;
  readonly from: string | null;
}

const following: Place = { at: '', from: null };

export function Disassembly(): ReactNode {
  const [place, setPlace] = useState(following);
  const [trail, setTrail] = useState<readonly Place[]>([]);
  const [selected, setSelected] = useState<string | null>(null);
  const bytes = useStore(withBytes);
  const source = useStore(withSource);
  const mayChange = useMayChange();
  const shown = useView<'disassembly'>({
    view: 'disassembly',
    at: place.from ?? place.at,
    before: BEFORE,
    after: AFTER,
    ...(source && { source }),
  });
  const points = useView<'breakpoints'>({ view: 'breakpoints' });
  const [last, setLast] = useState<DisassemblyView | null>(null);
  // An address that cannot be read leaves what was there.
  useEffect(() => {
    if (shown.value) setLast(shown.value);
  }, [shown.value]);
  const view = shown.value ?? (shown.error ? last : null);
  const rows = useMemo(() => rowsOf(view), [view]);
  const lanes = useMemo(
    () =>
      laneRows(
        rows.map(({ id, label, line }) => ({
          id,
          address: label ? '' : line.address,
          target: label ? null : jumpTarget(line),
        })),
      ),
    [rows],
  );
  const set = useMemo(
    () => new Map((points.value?.breakpoints ?? []).map((each) => [each.address, each])),
    [points.value],
  );
  const ip = view?.ip ?? null;
  // The target stands elsewhere now: there one looks.
  // biome-ignore lint/correctness/useExhaustiveDependencies: when the instruction pointer is another one, and then alone
  useEffect(() => {
    setPlace((now) => (now.at === '' ? following : now));
    setSelected(null);
  }, [ip]);

  const go = (to: string) => {
    setTrail([...trail, place]);
    setPlace({ at: to, from: null });
    setSelected(null);
  };
  const key = (event: KeyboardEvent): boolean => {
    const line = rows.find(({ id }) => id === selected)?.line;
    if (event.key === 'F9' && mayChange && (line || ip)) toggleBreakpoint(line?.address ?? ip ?? '');
    else if (event.key === 'F7' || (event.key === 'F10' && event.ctrlKey)) {
      if (!line || !mayChange) return false;
      void execute(`g ${line.address}`);
    } else if (event.key === 'Enter' && line?.target) go(line.target);
    else if (event.key === 'Backspace' && trail.length > 0) {
      setPlace(trail.at(-1) ?? following);
      setTrail(trail.slice(0, -1));
    } else return false;
    return true;
  };
  const toggleBreakpoint = (address: string) => {
    const there = set.get(address);
    void execute(there ? `bc ${there.id}` : `bp ${address}`);
  };

  return (
    <>
      <ToolBar label="Disassembly">
        <AddressBox
          value={place.at}
          placeholder="Follows the target"
          error={shown.error && place.at !== '' ? shown.error.message : null}
          onGo={(text) => (text === '' ? setPlace(following) : go(text))}
        />
        <Toggle text="Code bytes" store={withBytes} />
        <Toggle text="Source" store={withSource} />
      </ToolBar>
      <WindowBody shown={view ? { ...shown, value: view, error: null } : shown}>
        <EndlessList
          label="Disassembly"
          rows={rows}
          reveal={place.at === '' ? ip : (view?.address ?? null)}
          selected={selected}
          onSelect={({ id }) => setSelected(id)}
          onEdge={({ line }) => setPlace((now) => ({ ...now, from: line.address }))}
          onKey={key}
          onDoubleClick={({ line }) => line.target && go(line.target)}
          className={({ line, label }) => (line.address === ip && !label ? 'at-ip' : '')}
          draw={({ id, line, label, text }) =>
            label ? (
              <>
                {functionOf(line)}
                {line.source && (
                  <span className="muted"> {`${baseName(line.source.file)} @ ${line.source.line}`}</span>
                )}
                {text !== '' && <span className="code-source">{text}</span>}
              </>
            ) : (
              <>
                <span
                  className={`gutter ${set.get(line.address)?.enabled === false ? 'off' : ''}`}
                  data-set={set.has(line.address) || undefined}
                  aria-hidden="true"
                  onClick={() => mayChange && toggleBreakpoint(line.address)}
                />
                {(line.address === ip || set.has(line.address)) && (
                  <span className="visually-hidden">
                    {line.address === ip ? 'Current instruction, ' : ''}
                    {set.has(line.address) ? 'breakpoint, ' : ''}
                  </span>
                )}
                <Lanes pieces={lanes.get(id)} marked={selected ?? ip} />
                <span className="code-address">{addressText(line.address)}</span>
                {bytes && <span className="code-bytes">{line.bytes}</span>}
                <Text line={line} onGo={go} />
              </>
            )
          }
        />
      </WindowBody>
    </>
  );
}

const LANE_WIDTH = 7;
const LANES_WIDTH = LANES * LANE_WIDTH + 6;

/** The jumps that pass by an instruction, begin at it or lead to it. */
function Lanes({
  pieces = [],
  marked,
}: {
  readonly pieces?: readonly LanePiece[] | undefined;
  readonly marked: string | null;
}): ReactNode {
  const { line: height } = useSizes();
  const middle = height / 2;
  return (
    <svg className="lanes" width={LANES_WIDTH} height={height} aria-hidden="true">
      {pieces.map(({ lane, above, below, end, address }) => {
        const x = LANES_WIDTH - 8 - lane * LANE_WIDTH;
        const across = end === null ? '' : `M${x} ${middle}H${LANES_WIDTH}`;
        const down = above || below ? `M${x} ${above ? 0 : middle}V${below ? height : middle}` : '';
        const head = end === 'to' ? `M${LANES_WIDTH - 4} ${middle - 3}l4 3l-4 3` : '';
        return (
          <path
            key={lane}
            className={address === marked ? 'lane lane-marked' : 'lane'}
            d={`${down}${across}${head}`}
          />
        );
      })}
    </svg>
  );
}

/** What leads elsewhere is followed by a click. */
function Text({
  line: { text, target },
  onGo,
}: {
  readonly line: DisassemblyLine;
  onGo(target: string): void;
}): ReactNode {
  const [, before = text, link = ''] = (target && /^(\S+\s+)(.+)$/.exec(text)) || [];
  if (link === '' || target === null) return <span>{text}</span>;
  return (
    <span>
      {before}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: ENTER on the line does it */}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: as above */}
      <span
        className="code-link"
        title="Shows the code there (ENTER); BACKSPACE comes back"
        onClick={(event) => {
          event.stopPropagation();
          onGo(target);
        }}
      >
        {link}
      </span>
    </span>
  );
}
