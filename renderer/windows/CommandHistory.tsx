import { type ReactNode, useContext, useMemo, useState } from 'react';
import { focusCommand, offered } from '../command-window/input-state.ts';
import { type Column, Grid } from '../grid/Grid.tsx';
import { useStore } from '../lib/store.ts';
import { execute } from '../session/actions.ts';
import { type PastCommand, pastCommands, pastVersion } from '../session/past-commands.ts';
import { OnScreen } from '../views/useView.ts';
import { useMayChange } from '../views/WindowBody.tsx';
import { showWindow } from '../workbench/actions.ts';
import { FilterBox } from './FilterBox.tsx';
import { ToolBar } from './ToolBar.tsx';

const EMPTY =
  'No commands yet. What anybody in the session runs stands here, also what menus and windows run.';

const idOf = ({ seq }: PastCommand) => String(seq);

const columns: readonly Column<PastCommand>[] = [
  {
    id: 'time',
    title: 'Time',
    width: '78px',
    text: ({ time }) => new Date(time).toLocaleTimeString([], { hour12: false }),
  },
  { id: 'text', title: 'Command', width: 'minmax(140px, 3fr)', mono: true, text: ({ text }) => text },
  {
    id: 'who',
    title: 'Who',
    width: 'minmax(70px, 1fr)',
    text: ({ who, own }) => (own ? 'You' : who === '' ? 'The session' : who),
  },
  {
    id: 'ok',
    title: 'Result',
    width: '64px',
    text: ({ ok }) => (ok === null ? 'at work' : ok ? '' : 'failed'),
  },
];

/** Into the command line, to be looked at and changed. */
function offer({ text }: PastCommand): void {
  showWindow('command');
  offered.set(text);
  focusCommand();
}

/** The commands of the session, the last one at the end; the window looks only while it is on screen. */
export function CommandHistory(): ReactNode {
  const onScreen = useContext(OnScreen);
  return onScreen ? <List /> : null;
}

function List(): ReactNode {
  const version = useStore(pastVersion);
  const [filter, setFilter] = useState('');
  const [selected, setSelected] = useState<PastCommand | null>(null);
  const mayChange = useMayChange();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the list is the same one, with more in it
  const rows = useMemo(() => {
    const words = filter.toLowerCase();
    return pastCommands()
      .filter(({ text, who }) => `${text} ${who}`.toLowerCase().includes(words))
      .toReversed();
  }, [version, filter]);
  return (
    <>
      <ToolBar label="Command History">
        <FilterBox label="Filter commands" value={filter} onChange={setFilter} />
        <button
          type="button"
          className="quiet"
          disabled={!selected || !mayChange}
          title="R"
          onClick={() => selected && void execute(selected.text)}
        >
          Run again
        </button>
      </ToolBar>
      <div className="window-body">
        <Grid
          label="Command history"
          columns={columns}
          rows={rows}
          id={idOf}
          empty={filter === '' ? EMPTY : 'No command fits the filter.'}
          dimmed={({ ok }) => ok === false}
          title={({ text, who }) => `${text}\n${who}`}
          drag={({ text }) => text}
          onOpen={offer}
          onSelect={(row) => setSelected(row)}
          onKey={(event, row) => {
            if (event.key.toLowerCase() !== 'r' || event.ctrlKey || event.altKey || !row || !mayChange)
              return false;
            void execute(row.text);
            return true;
          }}
        />
      </div>
    </>
  );
}
