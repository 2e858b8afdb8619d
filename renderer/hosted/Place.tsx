import type { ReactNode } from 'react';
import { useStore } from '../lib/store.ts';
import { HostDialog } from './HostDialog.tsx';
import { InviteDialog } from './InviteDialog.tsx';
import { Sessions } from './Sessions.tsx';
import { HubForm, SignInForm } from './SignIn.tsx';
import { dialog, hosted } from './state.ts';
import { TakePartDialog } from './TakePartDialog.tsx';
import { TerminateDialog } from './TerminateDialog.tsx';

function Shown(): ReactNode {
  const state = useStore(hosted);
  if (!state) return null;
  if (state.mode === 'signedIn') return <Sessions state={state} />;
  if (state.mode === 'reached') return <SignInForm state={state} />;
  return <HubForm state={state} />;
}

function Dialogs(): ReactNode {
  const now = useStore(dialog);
  switch (now?.kind) {
    case 'host':
      return <HostDialog />;
    case 'invite':
      return <InviteDialog session={now.session} />;
    case 'takePart':
      return <TakePartDialog session={null} />;
    case 'unlock':
      return <TakePartDialog session={now.session} />;
    case 'terminate':
      return <TerminateDialog session={now.session} />;
    default:
      return null;
  }
}

export function Place(): ReactNode {
  return (
    <>
      <Shown />
      <Dialogs />
    </>
  );
}
