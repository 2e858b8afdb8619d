import type { ReactNode } from 'react';
import { DialogHost } from '../dialogs/DialogHost.tsx';
import { useStore } from '../lib/store.ts';
import { guiState } from '../state/gui.ts';
import { SessionView } from './SessionView.tsx';
import { StartPage } from './StartPage.tsx';
import { StubPage } from './StubPage.tsx';

function Shown(): ReactNode {
  const state = useStore(guiState);
  if (!state) return null;
  if (state.mode === 'stub') return <StubPage state={state} stub={state.stub} />;
  if (state.mode === 'starting' && state.stub) return <StubPage state={state} stub={state.stub} />;
  if (state.mode === 'dormant' || state.mode === 'starting') return <StartPage state={state} />;
  return <SessionView state={state} />;
}

export function App(): ReactNode {
  return (
    <>
      <Shown />
      <DialogHost />
    </>
  );
}
