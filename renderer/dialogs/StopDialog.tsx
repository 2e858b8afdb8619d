import { type ReactNode, useState } from 'react';
import type { IpcError } from '../../electron/ipc/contract.ts';
import { invoke } from '../lib/hawser.ts';
import { ErrorNote } from '../lib/Note.tsx';
import { useStore } from '../lib/store.ts';
import { attachment } from '../session/stores.ts';
import { guiState } from '../state/gui.ts';
import { Dialog } from './Dialog.tsx';

type How = 'leave' | 'detach' | 'kill';

interface Choice {
  readonly how: How;
  readonly title: string;
  readonly text: string;
}

const leave: Choice = {
  how: 'leave',
  title: 'Leave the session',
  text: 'It goes on without you, and you can come back (CTRL+B in the console).',
};
const remoteEnd: readonly Choice[] = [
  {
    how: 'detach',
    title: 'End the session and detach',
    text: 'Ends it for everybody; the target goes on running (qqd).',
  },
  { how: 'kill', title: 'End the session and kill the target', text: 'Ends it for everybody (qq).' },
];
const local: readonly Choice[] = [
  { how: 'detach', title: 'Detach', text: 'The target goes on running without the debugger (qd).' },
  { how: 'kill', title: 'Kill', text: 'The target ends (q).' },
];

export function StopDialog({ onClose }: { onClose(): void }): ReactNode {
  const state = useStore(guiState);
  const attached = useStore(attachment);
  const [working, setWorking] = useState(false);
  const [error, setError] = useState<IpcError | null>(null);
  const remote = state?.mode === 'session' && state.kind === 'remote';
  const viewer = attached.status === 'attached' && attached.you.role === 'viewer';
  const choices = remote ? [leave, ...(viewer ? [] : remoteEnd)] : local;

  const stop = async (how: How) => {
    setWorking(true);
    setError(null);
    const outcome = await invoke('session/stop', { how });
    setWorking(false);
    if (outcome.ok) onClose();
    else setError(outcome.error);
  };

  return (
    <Dialog
      title="Stop Debugging"
      size="narrow"
      onSubmit={() => {}}
      onCancel={onClose}
      buttons={
        <>
          <div className="progress" role="status">
            {working && (
              <>
                <span className="spinner" />
                <span>Stopping…</span>
              </>
            )}
          </div>
          <button type="button" onClick={onClose}>
            Cancel
          </button>
        </>
      }
    >
      <p>{remote ? 'This session runs at another machine.' : 'What is to become of the target?'}</p>
      <div className="choices">
        {choices.map(({ how, title, text }, i) => (
          <button
            key={how}
            type="button"
            disabled={working}
            onClick={() => void stop(how)}
            data-autofocus={i === 0 ? true : undefined}
          >
            <strong>{title}</strong>
            <span>{text}</span>
          </button>
        ))}
      </div>
      {error && <ErrorNote error={error} />}
    </Dialog>
  );
}
