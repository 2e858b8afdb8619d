import type { ReactNode } from 'react';
import type { ListedSession } from '../../electron/ipc/hosted.ts';
import { Dialog } from '../dialogs/Dialog.tsx';
import { useAsking } from '../hosted/useAsking.ts';
import { ErrorNote } from '../lib/Note.tsx';
import { leaving } from './state.ts';

/** CTRL+B, asked once: a key is soon pressed. ENTER after it says yes, as at a console. */
export function LeaveDialog({ session }: { session: ListedSession }): ReactNode {
  const { working, error, ask } = useAsking();
  const close = () => leaving.set(false);
  const leave = async () => {
    if (!working && (await ask('view/leave', undefined))) close();
  };
  return (
    <Dialog
      title={`Terminate ${session.name}?`}
      size="narrow"
      onSubmit={() => void leave()}
      onCancel={close}
      buttons={
        <>
          <button type="submit" className="danger" disabled={working} data-autofocus>
            Terminate
          </button>
          <button type="button" onClick={close}>
            Cancel
          </button>
        </>
      }
    >
      <p>CTRL+B ends the hosted session for good. Those invited can read it for seven more days.</p>
      <p>
        {session.direct
          ? 'Its debugger was started without -remote: it ends, and lets go of what it debugs.'
          : 'The session at the other end of -remote stays active; you can connect to it again.'}
      </p>
      {error && <ErrorNote error={error} />}
    </Dialog>
  );
}
