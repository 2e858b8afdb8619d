import type { ReactNode } from 'react';
import { Dialog } from '../dialogs/Dialog.tsx';
import { ErrorNote } from '../lib/Note.tsx';
import { useStore } from '../lib/store.ts';
import { closeDialog, hosted, sessionNow } from './state.ts';
import { useAsking } from './useAsking.ts';

/** Terminate Session: asked once. */
export function TerminateDialog({ session: id }: { session: string }): ReactNode {
  useStore(hosted);
  const session = sessionNow(id);
  const { working, error, ask, cancel } = useAsking();
  if (!session) return null;
  const here = session.invited.filter(({ present }) => present).length;
  const terminate = async () => {
    if (!working && (await ask('hosted/terminate', { session: id }))) closeDialog();
  };
  return (
    <Dialog
      title={`Terminate ${session.name}?`}
      size="narrow"
      onSubmit={() => void terminate()}
      onCancel={() => cancel() || closeDialog()}
      buttons={
        <>
          <div className="progress" role="status">
            {working && <span className="spinner" />}
          </div>
          <button type="submit" className="danger" disabled={working}>
            Terminate
          </button>
          <button type="button" onClick={() => cancel() || closeDialog()} data-autofocus>
            Cancel
          </button>
        </>
      }
    >
      <p>
        This is for good: nobody runs anything in it any more
        {here > 0 &&
          `, and ${here === 1 ? 'one person who has' : `${here} people who have`} it open are told`}
        . Those invited can read it for seven more days.
      </p>
      <p>
        {session.direct
          ? 'Its debugger was started without -remote: it ends, and lets go of what it debugs.'
          : 'The session at the other end of -remote stays active; you can connect to it again.'}
      </p>
      {error && <ErrorNote error={error} />}
    </Dialog>
  );
}
