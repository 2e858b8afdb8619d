import { lazy, type ReactNode, Suspense } from 'react';
import { useStore } from '../lib/store.ts';
import { CommandPalette } from '../palette/CommandPalette.tsx';
import { AboutDialog } from './AboutDialog.tsx';
import { AttachDialog } from './AttachDialog.tsx';
import { ClientsDialog } from './ClientsDialog.tsx';
import { ConnectDialog } from './ConnectDialog.tsx';
import { CoreDialog } from './CoreDialog.tsx';
import { ExecutableDialog } from './ExecutableDialog.tsx';
import { HelpDialog } from './HelpDialog.tsx';
import { KernelDialog } from './kernel/KernelDialog.tsx';
import { LogDialog } from './LogDialog.tsx';
import { PathDialog } from './PathDialog.tsx';
import { closeDialog, type DialogSpec, dialogs } from './queue.ts';
import { RunLinesDialog } from './RunLinesDialog.tsx';
import { ServersDialog } from './ServersDialog.tsx';
import { ShareDialog } from './ShareDialog.tsx';
import { StopDialog } from './StopDialog.tsx';

/** Its table has the workbench's style sheet. */
const SettingsDialog = lazy(async () => ({
  default: (await import('../settings/SettingsDialog.tsx')).SettingsDialog,
}));

function show(spec: DialogSpec): ReactNode {
  const onClose = () => closeDialog(spec.kind);
  switch (spec.kind) {
    case 'connect':
    case 'connectStub':
      return (
        <ConnectDialog
          to={spec.kind === 'connect' ? 'session' : 'stub'}
          prefill={spec.prefill ?? ''}
          failed={spec.error ?? null}
          onClose={onClose}
        />
      );
    case 'kernel':
      return <KernelDialog spec={spec} onClose={onClose} />;
    case 'executable':
      return <ExecutableDialog machine={spec.machine} prefill={spec.prefill} onClose={onClose} />;
    case 'attach':
      return <AttachDialog machine={spec.machine} onClose={onClose} />;
    case 'core':
      return <CoreDialog prefill={spec.prefill ?? ''} onClose={onClose} />;
    case 'share':
      return <ShareDialog onClose={onClose} />;
    case 'servers':
      return <ServersDialog onClose={onClose} />;
    case 'clients':
      return <ClientsDialog onClose={onClose} />;
    case 'stop':
      return <StopDialog onClose={onClose} />;
    case 'about':
      return <AboutDialog onClose={onClose} />;
    case 'help':
      return <HelpDialog onClose={onClose} />;
    case 'log':
      return <LogDialog onClose={onClose} />;
    case 'palette':
      return <CommandPalette onClose={onClose} />;
    case 'path':
      return <PathDialog which={spec.which} onClose={onClose} />;
    case 'settings':
      return (
        <Suspense>
          <SettingsDialog page={spec.page} onClose={onClose} />
        </Suspense>
      );
    case 'runLines':
      return <RunLinesDialog lines={spec.lines} run={spec.run} onClose={onClose} />;
  }
}

export function DialogHost(): ReactNode {
  const [first] = useStore(dialogs);
  return first ? show(first) : null;
}
