import { type ReactNode, useEffect } from 'react';
import type { ViewState } from '../../electron/ipc/hosted.ts';
import { OutputView } from '../command-window/OutputView.tsx';
import { FindBar } from '../find/FindBar.tsx';
import { openFind } from '../find/find.ts';
import { endWords } from '../hosted/words.ts';
import { invoke } from '../lib/hawser.ts';
import { Icon } from '../lib/icons.tsx';
import { ErrorNote, Note } from '../lib/Note.tsx';
import { useStore } from '../lib/store.ts';
import { Entry } from './Entry.tsx';
import { LeaveDialog } from './LeaveDialog.tsx';
import { copyAll, focusEntry, leaving, problem, view } from './state.ts';

async function breakIn(): Promise<void> {
  problem.set(null);
  const outcome = await invoke('view/break', undefined);
  if (!outcome.ok) problem.set(`${outcome.error.message} ${outcome.error.action}`.trim());
}

function Bar({ state }: { state: ViewState }): ReactNode {
  const { mayRun } = state;
  return (
    <div className="window-bar">
      <h2>Command</h2>
      <button
        type="button"
        className="quiet"
        disabled={mayRun !== true}
        title={mayRun === true ? 'Stop what the debugger runs (Ctrl+Break)' : mayRun}
        onClick={() => void breakIn()}
      >
        <Icon name="break" className="icon-break" />
        Break
      </button>
      <button type="button" className="quiet" title="Find in the output (Ctrl+F)" onClick={openFind}>
        <Icon name="find" />
        Find
      </button>
      <button type="button" className="quiet" title="Copy all output" onClick={() => void copyAll()}>
        <Icon name="copy" />
        Copy all
      </button>
    </div>
  );
}

/** What stands in the way, in words. */
function Notes({ state }: { state: ViewState }): ReactNode {
  const { session, link, failed } = state;
  const trouble = useStore(problem);
  return (
    <>
      {failed && <ErrorNote error={failed} />}
      {session.end && !failed && (
        <Note tone="info">
          <p>{endWords(session)}</p>
        </Note>
      )}
      {link.state === 'lost' && (
        <Note tone="warning">
          <p>{link.error.message}</p>
          <p className="muted">
            It is tried again by itself, and what was missed comes then. The session goes on meanwhile.
          </p>
        </Note>
      )}
      {link.state === 'up' && session.state === 'open' && !session.agent && (
        <Note tone="warning">
          <p>The session’s agent is away: the host’s computer is off, or its network is.</p>
          <p className="muted">The text so far can be read; it goes on when the agent is back.</p>
        </Note>
      )}
      {trouble !== null && (
        <Note tone="error">
          <p>{trouble}</p>
        </Note>
      )}
    </>
  );
}

function Status({ state }: { state: ViewState }): ReactNode {
  const { session, link, mayRun, failed } = state;
  const here = session.invited.filter(({ present }) => present);
  const up = !failed && link.state === 'up' && (session.agent || session.state === 'terminated');
  const words = failed
    ? 'Not shown any more'
    : session.state === 'terminated'
      ? 'Terminated'
      : link.state === 'lost'
        ? 'Link to the hub lost'
        : session.agent
          ? 'Connected'
          : 'Agent away';
  return (
    <section className="status" aria-label="Status">
      <span className="connection">
        <Icon name={up ? 'connect' : 'error'} className={up ? 'icon-ok' : 'icon-lost'} />
        <span className="text">{words}</span>
      </span>
      <span className="fixed machine" title={`The debugger runs on ${session.computer}`}>
        <Icon name="machine" />
        {session.computer}
      </span>
      <span className="target" title={session.description}>
        <span className="text">{`${session.name}, hosted by ${session.host.name || session.host.email}`}</span>
      </span>
      {session.role === 'host' && (
        <span className="fixed" title={here.map(({ name, email }) => name || email).join('\n')}>
          <Icon name="people" />
          {here.length === 0
            ? 'No client here'
            : here.length === 1
              ? '1 client here'
              : `${here.length} clients here`}
        </span>
      )}
      <span className="fixed">
        {mayRun === true ? 'Host' : session.role === 'host' ? 'Host, reading only' : 'Viewer'}
      </span>
    </section>
  );
}

export function ViewPage(): ReactNode {
  const state = useStore(view);
  const asked = useStore(leaving);
  useEffect(focusEntry, []);
  if (!state) return null;
  return (
    <div className="session hosted-view">
      <Notes state={state} />
      <section className="command-window" aria-label="Command">
        <Bar state={state} />
        <FindBar onClosed={focusEntry} />
        <OutputView />
        <Entry mayRun={state.mayRun} />
      </section>
      <Status state={state} />
      {asked && <LeaveDialog session={state.session} />}
    </div>
  );
}
