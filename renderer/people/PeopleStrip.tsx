import { type KeyboardEvent, type ReactNode, useState } from 'react';
import type { GuiState } from '../../electron/ipc/contract.ts';
import type { ClientInfo } from '../../engine/protocol/session.ts';
import { openDialog } from '../dialogs/queue.ts';
import { Icon } from '../lib/icons.tsx';
import { useStore } from '../lib/store.ts';
import { execute } from '../session/actions.ts';
import { attachment, clients, servers } from '../session/stores.ts';
import { nameOf, roleWord } from '../session/words.ts';
import { linkQuality } from './link-quality.ts';
import { peopleNews, type Typed, typedLast } from './people.ts';
import { qualityWords } from './quality-words.ts';
import '../styles/people.css';

/** Of a session with very many people: the others are a number. */
const MOST_SHOWN = 8;

type Shown = Extract<GuiState, { mode: 'session' | 'linkLost' }>;

interface PersonProps {
  readonly client: ClientInfo;
  readonly own: boolean;
  readonly typed: Typed | null;
}

function Person({ client, own, typed }: PersonProps): ReactNode {
  const { user, host, role, away } = client;
  const last = typed?.id === client.id;
  const did = last && typed.command !== '' ? `\nTyped last: ${typed.command}` : '';
  return (
    <li
      className="person"
      data-role={role}
      data-away={away || undefined}
      data-last={last || undefined}
      title={`${nameOf(client)}: ${roleWord(role)}${away ? '\nThe link is lost; it may come back' : ''}${did}`}
    >
      <span className="person-name">{own ? 'You' : `${host}\\${user}`}</span>
      <span className="person-role">{roleWord(role)}</span>
      {away && <span className="person-mark">link lost</span>}
      {last && <span className="person-mark person-typed">typed last</span>}
    </li>
  );
}

/** A line to everybody: `.echo`, which each front shows as a message. */
function Say(): ReactNode {
  const [text, setText] = useState('');
  const keys = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.nativeEvent.isComposing || text.trim() === '') return;
    // Quoted: a semicolon in it ends no command.
    void execute(`.echo "${text.trim().replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`);
    setText('');
  };
  return (
    <input
      type="text"
      className="say"
      aria-label="Message to everybody"
      placeholder="Message to everybody"
      title="ENTER sends it: .echo"
      value={text}
      maxLength={1000}
      onChange={(event) => setText(event.target.value)}
      onKeyDown={keys}
    />
  );
}

/** Who is in the session, who typed last, and how the link is. It is not there where one is alone by oneself. */
export function PeopleStrip({ state }: { state: Shown }): ReactNode {
  const list = useStore(clients);
  const attached = useStore(attachment);
  const listening = useStore(servers);
  const typed = useStore(typedLast);
  const news = useStore(peopleNews);
  const quality = useStore(linkQuality);
  const remote = state.mode === 'linkLost' || state.kind === 'remote';
  if (!remote && list.length < 2 && listening.length === 0 && news === null) return null;
  const you = attached.status === 'attached' ? attached.you : null;
  const people = [...list].sort((a, b) => a.id - b.id);
  const shown = people.slice(0, MOST_SHOWN);
  const { short, full } = qualityWords(quality);
  return (
    <section className="people" aria-label="People in this session">
      <Icon name="people" />
      <ul className="people-list">
        {shown.map((client) => (
          <Person key={client.id} client={client} own={client.id === you?.id} typed={typed} />
        ))}
      </ul>
      {people.length > shown.length && (
        <button type="button" className="quiet" onClick={() => openDialog({ kind: 'clients' })}>
          {`and ${people.length - shown.length} more`}
        </button>
      )}
      {people.length === 1 && <span className="muted">Nobody else is here.</span>}
      <span className="people-news" role="status" data-kind={news?.kind} title={news?.text}>
        {news?.text}
      </span>
      {you && you.role !== 'viewer' && state.mode === 'session' && <Say />}
      {you?.role === 'viewer' && (
        <span
          className="watching"
          title="The owner of the session can give you another role (View, Clients)."
        >
          <Icon name="eye" />
          You are a viewer: you see everything and change nothing
        </span>
      )}
      {remote && (
        <span className="link-quality" data-lost={state.mode === 'linkLost' || undefined} title={full}>
          {state.mode === 'linkLost' ? `Link lost, ${short.replace(/^.*, /, '')}` : short}
        </span>
      )}
    </section>
  );
}
