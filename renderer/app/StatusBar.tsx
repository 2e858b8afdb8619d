import type { ReactNode } from 'react';
import type { GuiState } from '../../electron/ipc/contract.ts';
import { openDialog } from '../dialogs/queue.ts';
import { Icon } from '../lib/icons.tsx';
import { useStore } from '../lib/store.ts';
import { attachment, clients, target } from '../session/stores.ts';
import { othersHere, processAndThread, roleWord } from '../session/words.ts';
import { TransferBar } from './TransferBar.tsx';

type Shown = Extract<GuiState, { mode: 'session' | 'linkLost' }>;

function connectionWords(state: Shown, host: string): string {
  if (state.mode === 'linkLost') return `Link lost: ${state.connection}`;
  if (state.stub?.kernel)
    return `${state.stub.link.state === 'ended' ? 'Kernel wire ended' : 'Kernel'}: ${state.stub.connection}`;
  if (state.stub)
    return `${state.stub.link.state === 'ended' ? 'Process server ended' : 'Process server'}: ${state.stub.connection}`;
  if (state.kind === 'local') return 'Local session';
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
  const stub = state.mode === 'session' ? state.stub : null;
  const lost = state.mode === 'linkLost' || (stub !== null && stub.link.state !== 'up');
  // The last one: while the link is lost nobody says where the target is.
  const machine = now?.machine || stub?.machine || '';
  const words = connectionWords(state, attached.status === 'attached' ? attached.host : 'this machine');
  const where = now && processAndThread(now);
  return (
    <section className="status" aria-label="Status">
      <span className="connection" title={words}>
        <Icon name={lost ? 'error' : 'connect'} className={lost ? 'icon-lost' : 'icon-ok'} />
        <span className="text">{words}</span>
      </span>
      {machine !== '' && (
        <span className="fixed machine" title={`The target is on ${machine}`}>
          <Icon name="machine" />
          {machine}
        </span>
      )}
      <span className="target" title={now?.description}>
        {/* Of a kernel the wire has said it. */}
        <span className="text">{now?.progress ?? (stub?.kernel ? '' : (now?.description ?? ''))}</span>
      </span>
      <TransferBar />
      {where && (
        <span className="fixed" title={where.full}>
          {where.short}
        </span>
      )}
      <People />
    </section>
  );
}
