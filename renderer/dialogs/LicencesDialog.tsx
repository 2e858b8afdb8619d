import { type ReactNode, useEffect, useState } from 'react';
import { invoke } from '../lib/hawser.ts';
import { CloseButton, Dialog } from './Dialog.tsx';

/** The text of all licences, to be read and copied. */
export function LicencesDialog({ onClose }: { onClose(): void }): ReactNode {
  const [text, setText] = useState('…');
  useEffect(() => {
    void invoke('app/licences', undefined).then((outcome) =>
      setText(outcome.ok ? outcome.value : outcome.error.message),
    );
  }, []);
  return (
    <Dialog
      title="Licences"
      size="wide"
      onSubmit={onClose}
      onCancel={onClose}
      buttons={<CloseButton onClose={onClose} />}
    >
      <textarea className="licences" aria-label="Licences" readOnly value={text} />
    </Dialog>
  );
}
