import type { ReactNode } from 'react';
import type { GuiState } from '../../electron/ipc/contract.ts';
import { openDialog } from '../dialogs/queue.ts';
import { Icon } from '../lib/icons.tsx';
import { useStore } from '../lib/store.ts';
import { attachment, clients, target } from '../session/stores.ts';
import { othersHere, processAndThread, roleWord } from '../session/words.ts';

type Shown = Extract<GuiState, { mode: 'session' | 'linkLost' }>;

function connectionWords(state: Shown, host: string): string {
  if (state.mode === 'linkLost') return `Link lost: ${state.connection}`;
  if (state.kind === 'local') return `Local session on ${host}`;
  return `Connected: ${state.connection ?? host}`;
}

function People(): ReactNode {
  const list = useStore(clients);
  const attached = useStore(attachment);
  if (attached.status !== 'attached') return null;
  const { text, names } = othersHere(list, attached.you.id);
  return (
    <>
      <button
        type="button"
        className="quiet fixed"
        title={names}
        onClick={() => openDialog({ kind: 'clients' })}
      >
        <Icon name="people" />
        {text}
      </button>
      <span className="fixed" title="What you may do in this session">
        {roleWord(attached.you.role)}
      </span>
    </>
  );
}

export function StatusBar({ state }: { state: Shown }): ReactNode {
  const now = useStore(target);
  const attached = useStore(attachment);
  const lost = state.mode === 'linkLost';
  const words = connectionWords(state, attached.status === 'attached' ? attached.host : 'this machine');
  const where = now && processAndThread(now);
  return (
    <section className="status" aria-label="Status">
      <span className="connection" title={words}>
        <Icon name={lost ? 'error' : 'connect'} className={lost ? 'icon-lost' : 'icon-ok'} />
        <span className="text">{words}</span>
      </span>
      <span className="target" title={now?.description}>
        <span className="text">{now?.description ?? ''}</span>
      </span>
      {where && (
        <span className="fixed" title={where.full}>
          {where.short}
        </span>
      )}
      <People />
    </section>
  );
}
