import { type ReactNode, useState } from 'react';
import { Logo } from '../lib/icons.tsx';
import { useStore } from '../lib/store.ts';
import { attachment } from '../session/stores.ts';
import { appInfo } from '../state/gui.ts';
import { CloseButton, Dialog } from './Dialog.tsx';
import { LicencesDialog } from './LicencesDialog.tsx';

export function AboutDialog({ onClose }: { onClose(): void }): ReactNode {
  const info = useStore(appInfo);
  const attached = useStore(attachment);
  const [licences, setLicences] = useState(false);
  return (
    <Dialog
      title="About Hawser"
      size="narrow"
      onSubmit={onClose}
      onCancel={onClose}
      buttons={
        <>
          <button type="button" onClick={() => setLicences(true)}>
            Licences…
          </button>
          <CloseButton onClose={onClose} />
        </>
      }
    >
      <div className="start-head">
        <Logo />
        <div>
          <p className="selectable">Hawser {info?.version ?? ''}</p>
          <p>A remote debugger for Linux, in WinDbg’s manner, over GDB.</p>
        </div>
      </div>
      <dl className="help-grid selectable">
        {info && (
          <>
            <dt>This machine</dt>
            <dd>
              {info.host}, as {info.user} ({info.platform})
            </dd>
          </>
        )}
        {info && (
          <>
            <dt>It runs on</dt>
            <dd>{info.carrier}</dd>
          </>
        )}
        {attached.status === 'attached' && (
          <>
            <dt>The session</dt>
            <dd>
              {attached.host}, Hawser {attached.version}
            </dd>
          </>
        )}
        <dt>Licence</dt>
        <dd>MIT; the libraries in it have theirs</dd>
      </dl>
      {licences && <LicencesDialog onClose={() => setLicences(false)} />}
    </Dialog>
  );
}
