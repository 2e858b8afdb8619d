import { type ReactNode, useCallback, useMemo, useState } from 'react';
import type { ThreadRow } from '../../engine/protocol/views.ts';
import { type Column, Grid } from '../grid/Grid.tsx';
import { execute } from '../session/actions.ts';
import { useView } from '../views/useView.ts';
import { useMayChange, WindowBody } from '../views/WindowBody.tsx';
import { FilterBox } from './FilterBox.tsx';
import { ToolBar } from './ToolBar.tsx';
import { baseName } from './text.ts';

/** Where threads stand is read for those in sight, and some more, so that scrolling a little asks nothing. */
const AROUND = 50;

const idOf = ({ index }: ThreadRow) => String(index);

function stateWords({ frozen, suspended }: ThreadRow): string {
  if (frozen) return 'Frozen';
  return suspended > 1 ? `Suspended (${suspended - 1})` : 'Stopped';
}

export function Threads(): ReactNode {
  const [filter, setFilter] = useState('');
  const [from, setFrom] = useState(0);
  const [selected, setSelected] = useState<number | null>(null);
  // Filtered by where they stand, all have to be known.
  const window = filter === '' ? { from, count: 2 * AROUND } : { from: 0, count: 500 };
  const shown = useView<'threads'>({ view: 'threads', ...window });
  const mayChange = useMayChange();
  const { value } = shown;
  const kernel = value?.kernel === true;
  const rows = useMemo(() => {
    const words = filter.toLowerCase();
    return (value?.threads ?? []).filter(({ index, tid, name, place }) =>
      `${index} ${tid} ${name} ${place ?? ''}`.toLowerCase().includes(words),
    );
  }, [value, filter]);
  const columns: readonly Column<ThreadRow>[] = [
    {
      id: 'index',
      title: kernel ? 'Processor' : '#',
      width: kernel ? '80px' : '52px',
      mono: true,
      text: ({ index }) => `${index === value?.current ? '.' : index === value?.event ? '#' : ' '} ${index}`,
    },
    ...(kernel
      ? []
      : ([
          { id: 'tid', title: 'Id', width: '70px', mono: true, text: ({ tid }) => tid.toString(16) },
          { id: 'name', title: 'Name', width: 'minmax(60px, 0.7fr)', text: ({ name }) => name },
        ] satisfies Column<ThreadRow>[])),
    {
      id: 'place',
      title: 'Location',
      width: 'minmax(120px, 2fr)',
      mono: true,
      text: ({ place }) => place ?? '',
    },
    {
      id: 'source',
      title: 'Source',
      width: 'minmax(80px, 1fr)',
      text: ({ source }) => (source ? `${baseName(source.file)} @ ${source.line}` : ''),
    },
    ...(kernel ? [] : [{ id: 'state', title: 'State', width: '90px', text: stateWords }]),
  ];
  const select = ({ index }: ThreadRow) => {
    if (index !== value?.current && mayChange) void execute(`~${index}s`);
  };
  const freeze = (row: ThreadRow | undefined) => {
    if (row) void execute(`~${row.index}${row.frozen ? 'u' : 'f'}`);
  };
  const chosen = value?.threads.find(({ index }) => index === selected);
  const onSight = useCallback((first: number) => {
    const wanted = Math.max(0, Math.floor(first / AROUND) * AROUND - AROUND / 2);
    setFrom(wanted);
  }, []);
  return (
    <>
      <ToolBar label="Processes and Threads">
        <FilterBox label="Filter threads" value={filter} onChange={setFilter} />
        {value?.systems && (
          <select
            aria-label="Process"
            disabled={!mayChange}
            value={value.system}
            onChange={(event) => void execute(`||${event.target.value}s`)}
          >
            {value.systems.map(({ index, pid, name }) => (
              <option key={index} value={index}>{`${index}: ${name} (${pid})`}</option>
            ))}
          </select>
        )}
        {!kernel && (
          <>
            <button
              type="button"
              className="quiet"
              title="ENTER"
              disabled={!mayChange || !chosen || chosen.index === value?.current}
              onClick={() => chosen && select(chosen)}
            >
              Switch to
            </button>
            <button
              type="button"
              className="quiet"
              title="F"
              disabled={!mayChange || !chosen}
              onClick={() => freeze(chosen)}
            >
              {chosen?.frozen ? 'Thaw' : 'Freeze'}
            </button>
          </>
        )}
        {value?.process && (
          <span className="muted tool-words" title="The process">
            {`${value.process.name} (${value.process.pid}), ${value.threads.length} ${value.threads.length === 1 ? 'thread' : 'threads'}`}
          </span>
        )}
      </ToolBar>
      <WindowBody shown={shown}>
        <Grid
          label={kernel ? 'Processors' : 'Threads'}
          columns={columns}
          rows={rows}
          id={idOf}
          empty={filter === '' ? 'There are no threads.' : 'No thread fits the filter.'}
          current={({ index }) => index === value?.current}
          dimmed={({ frozen }) => frozen}
          onOpen={select}
          onSelect={({ index }) => setSelected(index)}
          onSight={onSight}
          onKey={(event, row) => {
            if (event.key.toLowerCase() !== 'f' || event.ctrlKey || event.altKey || kernel || !mayChange)
              return false;
            freeze(row);
            return true;
          }}
        />
      </WindowBody>
    </>
  );
}
