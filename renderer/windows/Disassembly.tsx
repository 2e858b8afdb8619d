import { type KeyboardEvent, type ReactNode, useEffect, useMemo, useState } from 'react';
import type { DisassemblyLine, DisassemblyView } from '../../engine/protocol/views.ts';
import { EndlessList, type EndlessRow } from '../grid/EndlessList.tsx';
import { useStore } from '../lib/store.ts';
import { execute } from '../session/actions.ts';
import { kept } from '../state/settings.ts';
import { useView } from '../views/useView.ts';
import { useMayChange, WindowBody } from '../views/WindowBody.tsx';
import { AddressBox } from './AddressBox.tsx';
import { Toggle, ToolBar } from './ToolBar.tsx';
import { addressText, baseName } from './text.ts';

const BEFORE = 60;
const AFTER = 120;

const withBytes = kept('disassemblyBytes', true, (value) => (typeof value === 'boolean' ? value : null));

interface Row extends EndlessRow {
  readonly line: DisassemblyLine;
}

/** '' where none is known. */
const functionOf = ({ symbol }: DisassemblyLine) =>
  symbol.includes('!') ? symbol.replace(/\+0x[0-9a-f]+$/, '') : '';

function placeOf(line: DisassemblyLine): string {
  return `${functionOf(line)} ${line.source ? `${line.source.file}:${line.source.line}` : ''}`;
}

/** Instructions, with a line before those of another function or source line. */
function rowsOf(view: DisassemblyView | null): Row[] {
  let before = '';
  return (view?.lines ?? []).flatMap((line) => {
    const place = placeOf(line);
    const label: Row[] =
      place === before || place.trim() === '' ? [] : [{ id: `${line.address} label`, label: true, line }];
    before = place;
    return [...label, { id: line.address, line }];
  });
}

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
  const mayChange = useMayChange();
  const shown = useView<'disassembly'>({
    view: 'disassembly',
    at: place.from ?? place.at,
    before: BEFORE,
    after: AFTER,
  });
  const points = useView<'breakpoints'>({ view: 'breakpoints' });
  const [last, setLast] = useState<DisassemblyView | null>(null);
  // An address that cannot be read leaves what was there.
  useEffect(() => {
    if (shown.value) setLast(shown.value);
  }, [shown.value]);
  const view = shown.value ?? (shown.error ? last : null);
  const rows = useMemo(() => rowsOf(view), [view]);
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
          draw={({ line, label }) =>
            label ? (
              <>
                {functionOf(line)}
                {line.source && (
                  <span className="muted"> {`${baseName(line.source.file)} @ ${line.source.line}`}</span>
                )}
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
                <span className="code-address">{addressText(line.address)}</span>
                {bytes && <span className="code-bytes">{line.bytes}</span>}
                <span className={line.target ? 'code-link' : ''}>{line.text}</span>
              </>
            )
          }
        />
      </WindowBody>
    </>
  );
}
