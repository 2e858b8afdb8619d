import { type ReactNode, useEffect } from 'react';
import type { GuiState } from '../../electron/ipc/contract.ts';
import { CommandWindow } from '../command-window/CommandWindow.tsx';
import { focusCommand } from '../command-window/input-state.ts';
import { ErrorNote } from '../lib/Note.tsx';
import { useStore } from '../lib/store.ts';
import { attachment } from '../session/stores.ts';
import { LinkLost } from './LinkLost.tsx';
import { StatusBar } from './StatusBar.tsx';
import { StubLinkLost } from './StubLinkLost.tsx';
import { Toolbar } from './Toolbar.tsx';
import { FailedTransfers } from './TransferBar.tsx';

type Shown = Extract<GuiState, { mode: 'session' | 'linkLost' }>;

export function SessionView({ state }: { state: Shown }): ReactNode {
  const attached = useStore(attachment);
  const stub = state.mode === 'session' ? state.stub : null;
  useEffect(() => {
    if (!document.querySelector('dialog[open]')) focusCommand();
  }, []);
  return (
    <div className="session">
      {state.mode === 'session' && <Toolbar />}
      {state.mode === 'linkLost' && <LinkLost state={state} />}
      {stub?.link.state === 'lost' && <StubLinkLost stub={stub} link={stub.link} attached />}
      <FailedTransfers />
      {attached.status === 'failed' && <ErrorNote error={attached.error} />}
      <CommandWindow live={state.mode === 'session'} />
      <StatusBar state={state} />
    </div>
  );
}
