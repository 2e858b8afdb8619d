import { type ReactNode, useState } from 'react';
import type { IpcError } from '../../electron/ipc/contract.ts';
import type { TargetState } from '../../engine/protocol/session.ts';
import { invoke } from '../lib/hawser.ts';
import { ErrorNote } from '../lib/Note.tsx';
import { useStore } from '../lib/store.ts';
import { attachment, target } from '../session/stores.ts';
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
  { how: 'detach', title: 'Leave it running', text: 'Detach: it goes on without the debugger (qd).' },
  { how: 'kill', title: 'End it', text: 'Kill: the target ends (q).' },
];

function question(now: TargetState | null): string {
  if (!now?.process) return 'What is to become of the target?';
  const where = now.machine === '' ? '' : ` on ${now.machine}`;
  return `What is to become of ${now.process.name} (pid ${now.process.pid})${where}?`;
}

export function StopDialog({ onClose }: { onClose(): void }): ReactNode {
  const state = useStore(guiState);
  const attached = useStore(attachment);
  const [working, setWorking] = useState(false);
  const [remember, setRemember] = useState(false);
  const [error, setError] = useState<IpcError | null>(null);
  const remote = state?.mode === 'session' && state.kind === 'remote';
  const viewer = attached.status === 'attached' && attached.you.role === 'viewer';
  const now = useStore(target);
  const choices = remote ? [leave, ...(viewer ? [] : remoteEnd)] : local;

  const stop = async (how: How) => {
    setWorking(true);
    setError(null);
    const outcome = await invoke('session/stop', { how, remember });
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
      <p>{remote ? 'This session runs at another machine.' : question(now)}</p>
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
      {!remote && (
        <label className="choice">
          <input
            type="checkbox"
            checked={remember}
            disabled={working}
            onChange={(event) => setRemember(event.target.checked)}
          />
          <span>
            Remember for this session
            <span className="muted">
              Until{' '}
              {state?.mode === 'session' && state.stub ? 'the window is disconnected' : 'Hawser is closed'},
              Stop Debugging does the same without asking.
            </span>
          </span>
        </label>
      )}
      {error && <ErrorNote error={error} />}
    </Dialog>
  );
}
