import { type ReactNode, useId, useState } from 'react';
import { Dialog } from '../dialogs/Dialog.tsx';
import { Problem } from '../dialogs/fields.tsx';
import { OkCancel } from '../dialogs/starting.tsx';
import { ErrorNote, Note } from '../lib/Note.tsx';
import { closeDialog, hosted, selected, sessionNow, tab } from './state.ts';
import { useAsking } from './useAsking.ts';

/** Take Part, and for a session of the list whose key is not on this computer the same once more. */
export function TakePartDialog({ session: id }: { session: string | null }): ReactNode {
  const fieldId = useId();
  const { working, error, ask, cancel, clear } = useAsking();
  const [link, setLink] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const session = sessionNow(id);

  const join = async () => {
    if (working) return;
    if (link.trim() === '') return setProblem('Paste the link of the invitation.');
    const done =
      id === null
        ? await ask('hosted/takePart', { link })
        : await ask('hosted/unlock', { session: id, link });
    if (!done) return;
    const joined = id ?? done.value?.session ?? null;
    const state = hosted.get();
    const role =
      state?.mode === 'signedIn' ? state.sessions?.find((each) => each.id === joined)?.role : undefined;
    tab.set(role === 'host' ? 'host' : 'part');
    selected.set(joined);
    closeDialog();
  };
  return (
    <Dialog
      title={session ? `Open ${session.name}` : 'Take Part'}
      onSubmit={() => void join()}
      onCancel={() => cancel() || closeDialog()}
      buttons={<OkCancel working={working} progress="Joining…" onCancel={() => cancel() || closeDialog()} />}
    >
      {session ? (
        <Note tone="info">
          <p>This computer has no key for the session’s text yet.</p>
          <p className="muted">
            {session.role === 'host'
              ? 'Paste the link that you got as its host here once; it unlocks the text, also when it has been used.'
              : 'Paste your invitation link here once; it unlocks the text, also when it has been used.'}
          </p>
        </Note>
      ) : (
        <p className="muted">
          Paste the link that the host of the session sent you. It lets you in once; after that the session
          stands in this list.
        </p>
      )}
      <div className="field">
        <label htmlFor={fieldId}>Invitation link</label>
        <textarea
          id={fieldId}
          className="mono link-box"
          rows={4}
          value={link}
          onChange={(event) => {
            setLink(event.target.value);
            setProblem(null);
            clear();
          }}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.shiftKey) return;
            event.preventDefault();
            void join();
          }}
          maxLength={4096}
          placeholder="https://hub.example/i/…#…"
          readOnly={working}
          spellCheck={false}
          aria-invalid={problem !== null}
          aria-describedby={`${fieldId}-problem`}
          data-autofocus
        />
        <Problem id={`${fieldId}-problem`} text={problem} />
      </div>
      {error && <ErrorNote error={error} />}
    </Dialog>
  );
}
