import { type ReactNode, useState } from 'react';
import type { IpcError } from '../../electron/ipc/contract.ts';
import type { ListedSession } from '../../electron/ipc/hosted.ts';
import { invoke } from '../lib/hawser.ts';
import { ErrorNote } from '../lib/Note.tsx';
import { act } from './actions.ts';
import { endWords, invitedWords, timeWords } from './words.ts';

/** What there is to say about the session that is selected. */
export function Details({ session }: { session: ListedSession }): ReactNode {
  const { name, description, host, computer, created, direct, state, agent, role } = session;
  return (
    <section className="panel details" aria-label={`About ${name}`}>
      <header>
        <h2>{name}</h2>
      </header>
      <div className="details-body">
        {description !== '' && <p className="description">{description}</p>}
        <dl className="facts">
          <dt>Host</dt>
          <dd>
            {host.name} <span className="muted">{host.email}</span>
          </dd>
          <dt>Computer</dt>
          <dd>{computer}</dd>
          <dt>Since</dt>
          <dd>{timeWords(created)}</dd>
        </dl>
        {state === 'terminated' && <p>{endWords(session)}</p>}
        {state === 'open' && !agent && (
          <p className="muted">
            The hub has not heard of the session’s agent for a while: the host’s computer is off, or its
            network is. The text so far can be read.
          </p>
        )}
        {state === 'open' && direct && role === 'host' && (
          <p className="muted">
            Its debugger was started without <span className="nowrap">-remote</span>: its end is the session’s
            end.
          </p>
        )}
        {role === 'host' && <People session={session} />}
      </div>
      <footer>
        <button
          type="button"
          className="primary"
          onClick={() => act('open')}
          disabled={session.actions.open !== true}
          title={session.actions.open === true ? undefined : session.actions.open}
        >
          {state === 'terminated' ? 'Read' : 'Open'}
        </button>
      </footer>
    </section>
  );
}

function People({ session }: { session: ListedSession }): ReactNode {
  const [error, setError] = useState<IpcError | null>(null);
  const { id, invited, state, invitationsLeft } = session;
  const remove = async (email: string) => {
    setError(null);
    const outcome = await invoke('hosted/uninvite', { session: id, email });
    if (!outcome.ok) setError(outcome.error);
  };
  return (
    <>
      <h3>People</h3>
      {invited.length === 0 && (
        <p className="muted">Nobody is invited. Actions, Invite Client sends a link to whom you choose.</p>
      )}
      <ul className="people">
        {invited.map((person) => (
          <li key={person.email}>
            <div className="grow">
              <div className="line">{person.name || person.email}</div>
              <div className="line muted">{person.email}</div>
              <div className="muted">{invitedWords(person)}</div>
            </div>
            {state === 'open' && person.state !== 'removed' && (
              <button
                type="button"
                className="danger small"
                onClick={() => void remove(person.email)}
                aria-label={`Remove ${person.name || person.email}`}
              >
                Remove
              </button>
            )}
          </li>
        ))}
      </ul>
      {error && <ErrorNote error={error} />}
      {state === 'open' && (
        <p className="muted">
          {invitationsLeft === 0
            ? 'All ten are invited.'
            : `${invitationsLeft} more can be invited over the session’s life.`}
        </p>
      )}
    </>
  );
}
