import type { ReactNode } from 'react';
import { Icon } from '../lib/icons.tsx';
import { useStore } from '../lib/store.ts';
import { sayError } from '../session/actions.ts';
import { ask } from '../session/live.ts';
import { attachment } from '../session/stores.ts';
import { dismissFailures, progressOf, transfers } from '../session/transfers.ts';

/** In the status bar, as long as files are on their way; nobody waits for them. */
export function TransferBar(): ReactNode {
  const { running } = useStore(transfers);
  const attached = useStore(attachment);
  const progress = progressOf(running);
  if (!progress) return null;
  const mayCancel = attached.status === 'attached' && attached.you.role !== 'viewer';
  const cancel = () => {
    for (const { id } of running) ask('session/cancelTransfer', { id }).catch(sayError);
  };
  return (
    <span className="transfer" title={running.map(({ what }) => what).join('\n')}>
      <span className="text">{progress.text}</span>
      <progress aria-label={progress.text} {...(progress.part !== null && { value: progress.part })} />
      {mayCancel && (
        <button type="button" className="transfer-cancel" onClick={cancel}>
          Cancel
        </button>
      )}
    </span>
  );
}

const SHOWN = 4;

/** What did not come: the session goes on without it. */
export function FailedTransfers(): ReactNode {
  const { failed } = useStore(transfers);
  if (failed.length === 0) return null;
  const more = failed.length - SHOWN;
  return (
    <section className="note note-warning failed-transfers" role="status">
      <Icon name="warning" />
      <div className="grow">
        <p>
          {failed.length === 1
            ? 'A file could not be fetched.'
            : `${failed.length} files could not be fetched.`}
        </p>
        <ul>
          {failed.slice(-SHOWN).map(({ id, what, error }) => (
            <li key={id}>{error ? `${what}: ${error}` : what}</li>
          ))}
        </ul>
        {more > 0 && <p className="muted">And {more} more, before these.</p>}
      </div>
      <button type="button" onClick={dismissFailures}>
        Dismiss
      </button>
    </section>
  );
}
