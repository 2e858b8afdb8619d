import { type ReactNode, useEffect } from 'react';
import type { GuiState } from '../../electron/ipc/contract.ts';
import { CommandWindow } from '../command-window/CommandWindow.tsx';
import { focusCommand } from '../command-window/input-state.ts';
import { ErrorNote } from '../lib/Note.tsx';
import { useStore } from '../lib/store.ts';
import { attachment } from '../session/stores.ts';
import { LinkLost } from './LinkLost.tsx';
import { StatusBar } from './StatusBar.tsx';
import { Toolbar } from './Toolbar.tsx';

type Shown = Extract<GuiState, { mode: 'session' | 'linkLost' }>;

export function SessionView({ state }: { state: Shown }): ReactNode {
  const attached = useStore(attachment);
  useEffect(() => {
    if (!document.querySelector('dialog[open]')) focusCommand();
  }, []);
  return (
    <div className="session">
      {state.mode === 'session' && <Toolbar />}
      {state.mode === 'linkLost' && <LinkLost state={state} />}
      {attached.status === 'failed' && <ErrorNote error={attached.error} />}
      <CommandWindow live={state.mode === 'session'} />
      <StatusBar state={state} />
    </div>
  );
}
