import { type ReactNode, useState } from 'react';
import { createPortal } from 'react-dom';
import { BrowseButton } from '../dialogs/BrowseButton.tsx';
import type { Where } from '../dialogs/queue.ts';
import { FolderDialog } from './FolderDialog.tsx';

interface Props {
  readonly machine: Where;
  readonly machineName: string;
  readonly what: string;
  readonly kind: 'file' | 'folder';
  /** What is typed already. */
  readonly path: string;
  readonly disabled: boolean;
  onChosen(path: string): void;
}

/** Browse…: the system's own dialog for this machine, ours for another. */
export function MachineBrowseButton(props: Props): ReactNode {
  const { machine, machineName, what, kind, path, disabled, onChosen } = props;
  const [open, setOpen] = useState(false);
  if (machine === 'local')
    return <BrowseButton title={`Choose ${what}`} kind={kind} disabled={disabled} onChosen={onChosen} />;
  const title = `Choose ${what} on ${machineName}`;
  return (
    <>
      <button type="button" title={title} disabled={disabled} onClick={() => setOpen(true)}>
        Browse…
      </button>
      {open &&
        // A form cannot stand in another.
        createPortal(
          <FolderDialog
            title={title}
            machine={machine}
            machineName={machineName}
            kind={kind}
            begin={folderOf(path, kind)}
            onChosen={onChosen}
            onClose={() => setOpen(false)}
          />,
          document.body,
        )}
    </>
  );
}

/** Where to begin: at what is typed, when it is a whole path. */
function folderOf(path: string, kind: 'file' | 'folder'): string {
  const typed = path.trim();
  if (!typed.startsWith('/')) return '';
  return kind === 'folder' ? typed : typed.slice(0, typed.lastIndexOf('/')) || '/';
}
