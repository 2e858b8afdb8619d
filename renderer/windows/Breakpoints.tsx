import type { ReactNode } from 'react';
import type { BreakpointRow } from '../../engine/protocol/views.ts';
import { type Column, Grid } from '../grid/Grid.tsx';
import { execute } from '../session/actions.ts';
import { useView } from '../views/useView.ts';
import { useMayChange, WindowBody } from '../views/WindowBody.tsx';
import { AddLine } from './AddLine.tsx';
import { baseName } from './text.ts';

const EMPTY =
  'No breakpoints. Type a place below (main, wheel!turn+4, `wheel.c:12`), or press F9 on a line of the Source window.';

const idOf = ({ id }: BreakpointRow) => String(id);
const toggle = ({ id, enabled }: BreakpointRow) => void execute(`${enabled ? 'bd' : 'be'} ${id}`);

function details({ oneShot, thread, passes, condition, commands }: BreakpointRow): string {
  return [
    oneShot ? 'once' : '',
    thread === null ? '' : `thread ${thread}`,
    passes > 1 ? `at hit ${passes}` : '',
    condition,
    commands === '' ? '' : `"${commands}"`,
  ]
    .filter((each) => each !== '')
    .join(', ');
}

export function Breakpoints(): ReactNode {
  const shown = useView<'breakpoints'>({ view: 'breakpoints' });
  const mayChange = useMayChange();
  const columns: readonly Column<BreakpointRow>[] = [
    {
      id: 'id',
      title: '#',
      width: '58px',
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
      width: 'minmax(130px, 2fr)',
      mono: true,
      text: ({ place, address }) => (address === null ? `${place} (pending)` : place),
    },
    {
      id: 'source',
      title: 'Source',
      width: 'minmax(80px, 1fr)',
      text: ({ source }) => (source ? `${baseName(source.file)} @ ${source.line}` : ''),
    },
    { id: 'kind', title: 'Kind', width: '58px', mono: true, text: ({ kind, access }) => `${kind} ${access}` },
    { id: 'hits', title: 'Hits', width: '44px', mono: true, text: ({ hits }) => String(hits) },
    { id: 'details', title: 'Condition, commands', width: 'minmax(80px, 1.2fr)', text: details },
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
