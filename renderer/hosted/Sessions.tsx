import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { ErrorNote, Note } from '../lib/Note.tsx';
import { useStore } from '../lib/store.ts';
import { ActionsMenu } from './ActionsMenu.tsx';
import { act, failure } from './actions.ts';
import { Details } from './Details.tsx';
import { SessionTable } from './SessionTable.tsx';
import { type SignedIn, selected, type Tab, tab } from './state.ts';
import { fits } from './words.ts';

const tabs: readonly { readonly id: Tab; readonly text: string }[] = [
  { id: 'host', text: 'Host Sessions' },
  { id: 'part', text: 'Take Part' },
];

function Tabs({ now }: { now: Tab }): ReactNode {
  const list = useRef<HTMLDivElement>(null);
  const choose = (next: Tab) => {
    tab.set(next);
    list.current?.querySelector<HTMLElement>(`[data-tab="${next}"]`)?.focus();
  };
  const keys = (event: KeyboardEvent) => {
    if (event.key === 'ArrowRight' || event.key === 'ArrowLeft') choose(now === 'host' ? 'part' : 'host');
    else if (event.key === 'Home') choose('host');
    else if (event.key === 'End') choose('part');
    else return;
    event.preventDefault();
  };
  return (
    <div className="tabs" role="tablist" aria-label="Hosted sessions" ref={list} onKeyDown={keys}>
      {tabs.map(({ id, text }) => (
        <button
          key={id}
          type="button"
          role="tab"
          id={`tab-${id}`}
          data-tab={id}
          aria-selected={id === now}
          aria-controls="hosted-panel"
          tabIndex={id === now ? 0 : -1}
          onClick={() => choose(id)}
        >
          {text}
        </button>
      ))}
    </div>
  );
}

function Empty({ now, filtered, state }: { now: Tab; filtered: boolean; state: SignedIn }): ReactNode {
  if (filtered) return <p>No session fits the filter. Clear it to see all.</p>;
  if (state.sessions === null) return <p>Asking the hub for your sessions…</p>;
  if (now === 'host')
    return state.mayHost === true ? (
      <p>
        You host no session yet.
        <br />
        Host Session starts a debugger here and lets you invite others to watch.
      </p>
    ) : (
      <p>{state.mayHost}</p>
    );
  return state.mayJoin === true ? (
    <p>
      You were not invited to a session yet.
      <br />
      When a host sends you a link, choose Take Part and paste it.
    </p>
  ) : (
    <p>{state.mayJoin}</p>
  );
}

/** The two lists, for who is signed in. */
export function Sessions({ state }: { state: SignedIn }): ReactNode {
  const now = useStore(tab);
  const chosen = useStore(selected);
  const error = useStore(failure);
  const [filter, setFilter] = useState('');
  const { person, hub, link } = state;
  const role = now === 'host' ? 'host' : 'client';
  const mine = (state.sessions ?? []).filter((session) => session.role === role);
  const rows = mine.filter((session) => fits(session, filter));
  const current = rows.find(({ id }) => id === chosen) ?? null;

  // The first is selected where none is; what is not in sight is not meant.
  useEffect(() => {
    if (!current) selected.set(rows[0]?.id ?? null);
  }, [current, rows[0]?.id]);

  return (
    <main className="hosted">
      <header className="hosted-head">
        <h1>Hosted Sessions</h1>
        <span className="grow muted line" title={`${person.email} at ${hub.origin}`}>
          {person.name === '' ? person.email : `${person.name}, ${person.email}`} at{' '}
          {hub.name === '' ? hub.origin : hub.name}
        </span>
        <button type="button" className="quiet" onClick={() => act('signOut')}>
          Sign Out
        </button>
      </header>
      {link.state === 'lost' && (
        <Note tone="warning">
          <p>{link.error.message}</p>
          <p className="muted">
            It is tried again by itself. Sessions go on meanwhile; what you see here is as it was.
          </p>
        </Note>
      )}
      {error && <ErrorNote error={error} />}
      <div className="hosted-tools">
        <Tabs now={now} />
        <input
          type="text"
          className="filter"
          aria-label="Filter"
          placeholder="Filter: name, person, computer, state"
          value={filter}
          onChange={(event) => setFilter(event.target.value)}
          onKeyDown={(event) => event.key === 'Escape' && setFilter('')}
          spellCheck={false}
        />
        <ActionsMenu />
        {now === 'host' ? (
          <Main action="host" text="Host Session…" possible={state.mayHost} />
        ) : (
          <Main action="takePart" text="Take Part…" possible={state.mayJoin} />
        )}
      </div>
      <div className="hosted-columns" id="hosted-panel" role="tabpanel" aria-labelledby={`tab-${now}`}>
        <SessionTable
          label={now === 'host' ? 'Host Sessions' : 'Take Part'}
          rows={rows}
          selected={current?.id ?? null}
          empty={<Empty now={now} filtered={filter !== '' && mine.length > 0} state={state} />}
          onSelect={(id) => selected.set(id)}
          onOpen={() => act('open')}
          onRemove={() => act('remove')}
        />
        {current && <Details session={current} />}
      </div>
    </main>
  );
}

interface MainProps {
  readonly action: 'host' | 'takePart';
  readonly text: string;
  readonly possible: true | string;
}

function Main({ action, text, possible }: MainProps): ReactNode {
  return (
    <button
      type="button"
      className="primary"
      disabled={possible !== true}
      title={possible === true ? undefined : possible}
      onClick={() => act(action)}
    >
      {text}
    </button>
  );
}
