import { type KeyboardEvent, type ReactNode, useId, useRef, useState } from 'react';
import type { HostedPerson, InvitationsSent } from '../../electron/ipc/hosted.ts';
import { Dialog } from '../dialogs/Dialog.tsx';
import { Problem } from '../dialogs/fields.tsx';
import { OkCancel } from '../dialogs/starting.tsx';
import { ErrorNote } from '../lib/Note.tsx';
import { useStore } from '../lib/store.ts';
import { SentDialog } from './SentDialog.tsx';
import { closeDialog, hosted, sessionNow } from './state.ts';
import { useAsking } from './useAsking.ts';

interface Candidate extends HostedPerson {
  readonly chosen: boolean;
}

function leftWords(left: number): string {
  if (left === 0)
    return 'All ten that a session can have in its life are invited; one who is removed makes room.';
  const people = left === 1 ? 'One more person' : `${left} more people`;
  return `${people} can be invited, of ten over the session’s life.`;
}

/** Invite Client. */
export function InviteDialog({ session: id }: { session: string }): ReactNode {
  const fieldId = useId();
  useStore(hosted);
  const session = sessionNow(id);
  const { working, error, ask, cancel, clear } = useAsking();
  const [email, setEmail] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const [found, setFound] = useState<readonly Candidate[]>([]);
  const [finding, setFinding] = useState(false);
  const [sent, setSent] = useState<InvitationsSent | null>(null);
  const box = useRef<HTMLInputElement>(null);
  if (!session) return null;
  if (sent) return <SentDialog sent={sent} name={session.name} />;

  const chosen = found.filter((person) => person.chosen);
  /** Whom an invitation costs nothing of the ten. */
  const free = (address: string) =>
    address === session.host.email ||
    session.invited.some((person) => person.email === address && person.state !== 'removed');
  const costs = chosen.filter((person) => !free(person.email)).length;
  const left = session.invitationsLeft - costs;

  const find = async () => {
    if (working) return;
    const wanted = email.trim();
    if (wanted === '') return setProblem('Type an e-mail address first.');
    setFinding(true);
    const person = await ask('hosted/find', { session: id, email: wanted });
    setFinding(false);
    box.current?.focus();
    if (!person) return;
    setEmail('');
    const others = found.filter((each) => each.email !== person.value.email);
    setFound([...others, { ...person.value, chosen: true }]);
  };
  const send = async () => {
    if (working) return;
    if (email.trim() !== '') return void find();
    if (chosen.length === 0) return setProblem('Find and select at least one person.');
    if (left < 0)
      return setProblem(
        `Ten people can be invited to a session, over its whole life: ${-left === 1 ? 'one' : -left} of these would be too many. Uncheck them, or remove somebody who is invited.`,
      );
    const done = await ask('hosted/invite', { session: id, emails: chosen.map((person) => person.email) });
    if (done) setSent(done.value);
  };
  const enter = (event: KeyboardEvent) => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    void (email.trim() === '' ? send() : find());
  };
  const toggle = (address: string) =>
    setFound(found.map((each) => (each.email === address ? { ...each, chosen: !each.chosen } : each)));

  return (
    <Dialog
      title="Invite Client"
      onSubmit={() => void send()}
      onCancel={() => cancel() || closeDialog()}
      buttons={
        <OkCancel
          working={working}
          progress={finding ? 'Looking…' : 'Sending…'}
          disabled={chosen.length === 0}
          onCancel={() => cancel() || closeDialog()}
        />
      }
    >
      <p>
        To <strong>{session.name}</strong>. {leftWords(session.invitationsLeft)}
      </p>
      <div className="field">
        <label htmlFor={fieldId}>E-mail address</label>
        <div className="row">
          <input
            id={fieldId}
            ref={box}
            type="text"
            value={email}
            onChange={(event) => {
              setEmail(event.target.value);
              setProblem(null);
              clear();
            }}
            onKeyDown={enter}
            maxLength={254}
            spellCheck={false}
            placeholder="as they sign in to the hub"
            aria-invalid={problem !== null}
            aria-describedby={`${fieldId}-problem`}
            data-autofocus
          />
          <button type="button" onClick={() => void find()} disabled={working}>
            Find
          </button>
        </div>
        <Problem id={`${fieldId}-problem`} text={problem} />
      </div>
      {error && <ErrorNote error={error} />}
      {found.length > 0 && (
        <fieldset>
          <legend>Who is invited</legend>
          {found.map((person) => (
            <label className="choice" key={person.email}>
              <input type="checkbox" checked={person.chosen} onChange={() => toggle(person.email)} />
              <span className="grow">
                {person.name || person.email} <span className="muted">{person.email}</span>
              </span>
            </label>
          ))}
        </fieldset>
      )}
      <p className="hint muted">
        Each of them, and you, get a message with the session’s details and a link that works once. They see
        everything and run nothing.
      </p>
    </Dialog>
  );
}
