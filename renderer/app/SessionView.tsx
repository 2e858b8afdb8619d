import { lazy, type ReactNode, Suspense } from 'react';
import type { GuiState } from '../../electron/ipc/contract.ts';
import { ErrorNote } from '../lib/Note.tsx';
import { useStore } from '../lib/store.ts';
import { PeopleStrip } from '../people/PeopleStrip.tsx';
import { attachment } from '../session/stores.ts';
import { settings } from '../state/settings.ts';
import { LinkLost } from './LinkLost.tsx';
import { StatusBar } from './StatusBar.tsx';
import { StubLinkLost } from './StubLinkLost.tsx';
import { Toolbar } from './Toolbar.tsx';
import { FailedTransfers } from './TransferBar.tsx';

/** Read when the program has nothing else to do, or with the first session. */
export const loadWorkbench = () => import('../workbench/Workbench.tsx');
const Workbench = lazy(async () => ({ default: (await loadWorkbench()).Workbench }));

type Shown = Extract<GuiState, { mode: 'session' | 'linkLost' }>;

export function SessionView({ state }: { state: Shown }): ReactNode {
  const attached = useStore(attachment);
  const shown = useStore(settings)?.values;
  const stub = state.mode === 'session' ? state.stub : null;
  return (
    <div className="session">
      {state.mode === 'session' && shown?.toolbar !== false && <Toolbar />}
      <PeopleStrip state={state} />
      {state.mode === 'linkLost' && <LinkLost state={state} />}
      {stub?.link.state === 'lost' && <StubLinkLost stub={stub} link={stub.link} attached />}
      <FailedTransfers />
      {attached.status === 'failed' && <ErrorNote error={attached.error} />}
      <Suspense fallback={<div className="workbench" />}>
        <Workbench />
      </Suspense>
      {shown?.statusBar !== false && <StatusBar state={state} />}
    </div>
  );
}
