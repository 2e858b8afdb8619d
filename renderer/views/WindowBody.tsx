import type { ReactNode } from 'react';
import { ErrorNote } from '../lib/Note.tsx';
import { useStore } from '../lib/store.ts';
import { attachment, target } from '../session/stores.ts';
import type { Shown } from './feed.ts';

/** Why there is nothing to show, and what to do; null: there is something. */
function emptyWords(run: string | undefined, kernel: boolean, waits: boolean): string | null {
  if (run === 'noTarget') return 'Nothing is being debugged. Restart starts the program again.';
  if (run === 'running')
    return `The ${kernel ? 'kernel' : 'program'} is running. Break (Ctrl+Break) stops it, so that one can look.`;
  return waits ? 'Reading…' : null;
}

interface Props {
  readonly shown: Shown<unknown>;
  readonly children: ReactNode;
}

/** A window's content: what there is, greyed while the target runs on; or why there is nothing. */
export function WindowBody({ shown, children }: Props): ReactNode {
  const state = useStore(target);
  const attached = useStore(attachment);
  if (shown.error)
    return (
      <div className="window-empty">
        <ErrorNote error={shown.error} />
      </div>
    );
  const words = emptyWords(state?.run, state?.kernel === true, shown.value === null);
  if (shown.value === null || state?.run === 'noTarget')
    return <p className="window-empty muted">{attached.status === 'attached' ? words : ''}</p>;
  return (
    <div className="window-body" data-old={state?.run === 'running' || undefined}>
      {children}
    </div>
  );
}

/** Whether commands that change something can be given. */
export function useMayChange(): boolean {
  const state = useStore(target);
  const attached = useStore(attachment);
  return attached.status === 'attached' && attached.you.role !== 'viewer' && state?.run === 'stopped';
}
