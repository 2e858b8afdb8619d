import type { ReactNode } from 'react';
import type { IpcError } from '../../electron/ipc/contract.ts';
import { Icon } from './icons.tsx';

type Tone = 'error' | 'warning' | 'info';

export function Note({ tone, children }: { tone: Tone; children: ReactNode }): ReactNode {
  return (
    <div className={`note note-${tone}`} role={tone === 'error' ? 'alert' : 'status'}>
      <Icon name={tone} />
      <div className="grow">{children}</div>
    </div>
  );
}

/** What happened, and what to do next. */
export function ErrorNote({ error }: { error: IpcError }): ReactNode {
  return (
    <Note tone="error">
      <p>{error.message}</p>
      {error.action !== '' && <p className="muted">{error.action}</p>}
    </Note>
  );
}
