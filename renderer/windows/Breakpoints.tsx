import type { ReactNode } from 'react';
import type { BreakpointRow } from '../../engine/protocol/views.ts';
import { type Column, type Editing, Grid } from '../grid/Grid.tsx';
import { execute } from '../session/actions.ts';
import { useView } from '../views/useView.ts';
import { useMayChange, WindowBody } from '../views/WindowBody.tsx';
import { AddLine } from './AddLine.tsx';
import { type BreakpointChange, breakpointCommand } from './breakpoint-command.ts';
import { baseName } from './text.ts';

const EMPTY =
  'No breakpoints. Type a place below (main, wheel!turn+4, `wheel.c:12`), or press F9 on a line of the Source window.';

const idOf = ({ id }: BreakpointRow) => String(id);
const toggle = ({ id, enabled }: BreakpointRow) => void execute(`${enabled ? 'bd' : 'be'} ${id}`);

const change = (row: BreakpointRow, what: BreakpointChange) => void execute(breakpointCommand(row, what));

/** Decimal, as `12` or `0n12`, or hexadecimal; null where it is no number from 1 on. */
function passCount(text: string): number | null {
  const digits = text.replace(/^0n/i, '');
  const value = /^(?:\d+|0x[0-9a-f]+)$/i.test(digits) ? Number(digits) : 0;
  return value >= 1 && Number.isSafeInteger(value) ? value : null;
}

/** All that a breakpoint has beside what it is: changed where it stands. */
const editing: readonly Editing<BreakpointRow>[] = [
  {
    column: 'place',
    text: ({ expression }) => expression,
    commit: (row, expression) => change(row, { expression }),
  },
  { column: 'when', empty: true, text: ({ when }) => when, commit: (row, when) => change(row, { when }) },
  {
    column: 'passes',
    text: ({ passes }) => String(passes),
    commit: (row, text) => {
      const passes = passCount(text);
      if (passes !== null) change(row, { passes });
    },
  },
  {
    column: 'thread',
    empty: true,
    text: ({ thread }) => (thread === null ? '' : String(thread)),
    commit: (row, text) => {
      if (/^\d*$/.test(text)) change(row, { thread: text === '' ? null : Number(text) });
    },
  },
  {
    column: 'commands',
    empty: true,
    text: ({ commands }) => commands,
    commit: (row, commands) => change(row, { commands }),
  },
];

export function Breakpoints(): ReactNode {
  const shown = useView<'breakpoints'>({ view: 'breakpoints' });
  const mayChange = useMayChange();
  const columns: readonly Column<BreakpointRow>[] = [
    {
      id: 'id',
      title: '#',
      width: '50px',
      text: ({ id }) => String(id),
      content: (row) => (
        <>
          <input
            type="checkbox"
            aria-label={`Breakpoint ${row.id} is enabled`}
            tabIndex={-1}
            checked={row.enabled}
            disabled={!mayChange}
            onChange={() => toggle(row)}
          />
          <span className="mono"> {row.id}</span>
        </>
      ),
    },
    {
      id: 'place',
      title: 'Location',
      width: 'minmax(116px, 2fr)',
      mono: true,
      text: ({ place, address }) => (address === null ? `${place} (pending)` : place),
      content: ({ place, address, source }) => (
        <>
          {address === null ? `${place} (pending)` : place}
          {source && <span className="note-text">{` ${baseName(source.file)} @ ${source.line}`}</span>}
        </>
      ),
    },
    { id: 'kind', title: 'Kind', width: '50px', mono: true, text: ({ kind, access }) => `${kind} ${access}` },
    { id: 'hits', title: 'Hits', width: '40px', mono: true, text: ({ hits }) => String(hits) },
    {
      id: 'when',
      title: 'Condition',
      width: 'minmax(68px, 1fr)',
      mono: true,
      text: ({ when, depth }) => [when, depth].filter((each) => each !== '').join(' '),
    },
    { id: 'passes', title: 'At hit', width: '46px', mono: true, text: ({ passes }) => String(passes) },
    {
      id: 'thread',
      title: 'Thread',
      width: '50px',
      mono: true,
      text: ({ thread }) => (thread === null ? 'any' : String(thread)),
    },
    {
      id: 'once',
      title: 'Once',
      width: '46px',
      text: ({ oneShot }) => (oneShot ? 'once' : ''),
      content: (row) => (
        <input
          type="checkbox"
          aria-label={`Breakpoint ${row.id} is removed when it is hit`}
          tabIndex={-1}
          checked={row.oneShot}
          disabled={!mayChange}
          onChange={() => change(row, { oneShot: !row.oneShot })}
        />
      ),
    },
    {
      id: 'commands',
      title: 'Commands',
      width: 'minmax(68px, 1fr)',
      mono: true,
      text: ({ commands }) => commands,
    },
  ];
  return (
    <>
      <WindowBody shown={shown}>
        <Grid
          label="Breakpoints"
          columns={columns}
          rows={shown.value?.breakpoints ?? []}
          id={idOf}
          empty={EMPTY}
          dimmed={({ enabled }) => !enabled}
          editing={mayChange ? editing : undefined}
          {...(mayChange && { onDelete: ({ id }: BreakpointRow) => void execute(`bc ${id}`) })}
          onKey={(event, row) => {
            if (event.key !== ' ' || !row || !mayChange) return false;
            toggle(row);
            return true;
          }}
        />
      </WindowBody>
      <AddLine
        label="New breakpoint"
        placeholder="New breakpoint at"
        disabled={!mayChange}
        onAdd={(text) => void execute(`bp ${text}`)}
      />
    </>
  );
}
