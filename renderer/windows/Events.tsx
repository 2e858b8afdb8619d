import { type ReactNode, useMemo, useState } from 'react';
import type { EventRow } from '../../engine/protocol/views.ts';
import { type Column, type Editing, Grid } from '../grid/Grid.tsx';
import { execute } from '../session/actions.ts';
import { useView } from '../views/useView.ts';
import { useMayChange, WindowBody } from '../views/WindowBody.tsx';
import { FilterBox } from './FilterBox.tsx';
import { ToolBar } from './ToolBar.tsx';

const STATUS: Readonly<Record<EventRow['status'], { readonly text: string; readonly command: string }>> = {
  break: { text: 'Stop', command: 'sxe' },
  second: { text: 'Stop if nobody handles it', command: 'sxd' },
  output: { text: 'Tell', command: 'sxn' },
  ignore: { text: 'Ignore', command: 'sxi' },
};

const choices = (statuses: readonly EventRow['status'][]) =>
  statuses.map((value) => ({ value, text: STATUS[value].text }));

/** Those that take a pattern. */
const PATTERNED: ReadonlySet<string> = new Set(['ld', 'ud', 'cpr', 'epr', 'out']);

const quoted = (text: string) => `"${text.replaceAll('"', '\\"')}"`;
const idOf = ({ code }: EventRow) => code;

/** Of an event: with its pattern, which setting it would take away. */
const event = ({ code, pattern }: EventRow, other = pattern) => (other === '' ? code : `${code}:${other}`);

function setStatus(row: EventRow, status: string): void {
  const chosen = STATUS[status as EventRow['status']];
  void execute(`${chosen.command} ${event(row)}`);
}

const setHandled = ({ code, handled }: EventRow) => void execute(`${handled ? 'sxd' : 'sxe'} -h ${code}`);

const editing: readonly Editing<EventRow>[] = [
  {
    column: 'status',
    choices: choices(['break', 'second', 'output', 'ignore']),
    text: ({ status, handled }) => (handled === null ? null : status),
    commit: setStatus,
  },
  {
    column: 'status',
    choices: choices(['break', 'output', 'ignore']),
    text: ({ status, handled }) => (handled === null ? status : null),
    commit: setStatus,
  },
  {
    column: 'pattern',
    empty: true,
    text: ({ code, pattern }) => (PATTERNED.has(code) ? pattern : null),
    commit: (row, pattern) => void execute(`${STATUS[row.status].command} ${event(row, pattern)}`),
  },
  {
    column: 'first',
    empty: true,
    text: ({ first }) => first,
    commit: (row, text) => void execute(`sx- -c ${quoted(text)} ${row.code}`),
  },
  {
    column: 'second',
    empty: true,
    text: ({ second, handled }) => (handled === null ? null : second),
    commit: (row, text) => void execute(`sx- -c2 ${quoted(text)} ${row.code}`),
  },
];

/** `sx` as a table. */
export function Events(): ReactNode {
  const [filter, setFilter] = useState('');
  const shown = useView<'events'>({ view: 'events' });
  const mayChange = useMayChange();
  const rows = useMemo(() => {
    const words = filter.toLowerCase();
    return (shown.value?.events ?? []).filter(({ code, title }) =>
      `${code} ${title}`.toLowerCase().includes(words),
    );
  }, [shown.value, filter]);
  const columns: readonly Column<EventRow>[] = [
    { id: 'code', title: 'Code', width: '84px', mono: true, text: ({ code }) => code },
    { id: 'title', title: 'Event', width: 'minmax(120px, 1.3fr)', text: ({ title }) => title },
    {
      id: 'status',
      title: 'When it happens',
      width: 'minmax(150px, 1fr)',
      text: ({ status }) => STATUS[status].text,
    },
    {
      id: 'handled',
      title: 'Handled',
      width: '64px',
      text: ({ handled }) => (handled === null ? '' : handled ? 'yes' : 'no'),
      content: (row) =>
        row.handled === null ? null : (
          <input
            type="checkbox"
            aria-label={`${row.title} is taken for handled`}
            tabIndex={-1}
            checked={row.handled}
            disabled={!mayChange}
            onChange={() => setHandled(row)}
          />
        ),
    },
    {
      id: 'pattern',
      title: 'Only for',
      width: 'minmax(70px, 0.7fr)',
      mono: true,
      text: ({ pattern }) => pattern,
    },
    { id: 'first', title: 'Commands', width: 'minmax(80px, 1fr)', mono: true, text: ({ first }) => first },
    {
      id: 'second',
      title: 'Second chance',
      width: 'minmax(80px, 1fr)',
      mono: true,
      text: ({ second }) => second,
    },
  ];
  return (
    <>
      <ToolBar label="Events and Exceptions">
        <FilterBox label="Filter events" value={filter} onChange={setFilter} />
        <button
          type="button"
          className="quiet"
          disabled={!mayChange}
          title="All as at the start (sxr)"
          onClick={() => void execute('sxr')}
        >
          Reset all
        </button>
      </ToolBar>
      <WindowBody shown={shown}>
        <Grid
          label="Events and exceptions"
          columns={columns}
          rows={rows}
          id={idOf}
          empty="No event fits the filter."
          dimmed={({ status }) => status === 'ignore'}
          editing={mayChange ? editing : undefined}
          onKey={(key, row) => {
            if (key.key !== ' ' || !row || row.handled === null || !mayChange) return false;
            setHandled(row);
            return true;
          }}
        />
      </WindowBody>
    </>
  );
}
