import { type KeyboardEvent, type ReactNode, useEffect, useId, useMemo, useRef, useState } from 'react';
import { Dialog } from '../dialogs/Dialog.tsx';
import type { Where } from '../dialogs/queue.ts';
import { OkCancel } from '../dialogs/starting.tsx';
import { Icon } from '../lib/icons.tsx';
import { ErrorNote } from '../lib/Note.tsx';
import { FileList } from './FileList.tsx';
import { joinPath, shownItems } from './folder-rows.ts';
import { useFolder } from './useFolder.ts';

interface Props {
  readonly title: string;
  readonly machine: Where;
  readonly machineName: string;
  readonly kind: 'file' | 'folder';
  /** A folder; '' for the home folder. */
  readonly begin: string;
  onChosen(path: string): void;
  onClose(): void;
}

/** The files of another machine, to choose one: what the system's own dialog is for this one. */
export function FolderDialog({
  title,
  machine,
  machineName,
  kind,
  begin,
  onChosen,
  onClose,
}: Props): ReactNode {
  const id = useId();
  const { folder, error, slow, go: walk, cancel } = useFolder(machine, begin);
  /** What is typed is not overwritten by news of the folder that is shown. */
  const typed = useRef(false);
  const [path, setPath] = useState('');
  const [filter, setFilter] = useState('');
  const [row, setRow] = useState(0);
  const items = useMemo(() => shownItems(folder?.entries ?? [], filter, kind), [folder, filter, kind]);
  const item = items[row];
  const where = folder?.path ?? '';

  const go = (to: string) => {
    typed.current = false;
    walk(to);
  };
  useEffect(() => {
    if (folder && !typed.current) setPath(folder.path);
  }, [folder]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another folder is looked at from its beginning
  useEffect(() => {
    setFilter('');
    setRow(0);
  }, [where]);

  const choose = (chosen: string) => {
    onChosen(chosen);
    onClose();
  };
  const open = (index: number) => {
    const opened = items[index];
    if (!opened || !folder) return;
    const full = joinPath(folder.path, opened.name);
    if (opened.kind === 'folder') go(full);
    else choose(full);
  };
  const up = () => folder?.parent && go(folder.parent);
  /** OK: what is selected; of folders, the one that is open. */
  const submit = () => {
    if (!folder) return;
    if (path.trim() !== '' && path.trim() !== folder.path) go(path.trim());
    else if (kind === 'folder') choose(folder.path);
    else open(row);
  };
  const leave = () => {
    if (slow) cancel();
    else onClose();
  };
  const typeFilter = (text: string) => {
    setFilter(text);
    setRow(0);
  };
  const fromFilter = (event: KeyboardEvent) => {
    if (event.key === 'Enter') {
      event.preventDefault();
      open(row);
    } else if (event.key === 'ArrowDown') {
      event.preventDefault();
      event.currentTarget.closest('form')?.querySelector<HTMLElement>('[role="listbox"]')?.focus();
    }
  };

  return (
    <Dialog
      title={title}
      size="wide"
      onSubmit={submit}
      onCancel={leave}
      buttons={
        <OkCancel
          working={slow}
          ready
          disabled={!folder || (kind === 'file' && path.trim() === where && !item)}
          progress={`Asking ${machineName}…`}
          onCancel={leave}
        />
      }
    >
      <div className="field">
        <label htmlFor={id}>Folder on {machineName}</label>
        <div className="row">
          <input
            id={id}
            type="text"
            className="mono"
            value={path}
            onChange={(event) => {
              typed.current = true;
              setPath(event.target.value);
            }}
            onKeyDown={(event) => {
              if (event.key !== 'Enter') return;
              event.preventDefault();
              go(path.trim());
            }}
            maxLength={4096}
            spellCheck={false}
          />
          <button type="button" onClick={up} disabled={!folder?.parent} title="Parent folder (Alt+Up)">
            <Icon name="up" />
            Up
          </button>
          <button type="button" onClick={() => go('')} title="Home folder">
            <Icon name="home" />
            Home
          </button>
        </div>
      </div>
      <div className="field">
        <label htmlFor={`${id}-filter`}>Filter</label>
        <input
          id={`${id}-filter`}
          type="text"
          value={filter}
          onChange={(event) => typeFilter(event.target.value)}
          onKeyDown={fromFilter}
          maxLength={200}
          placeholder="Part of a name; a dot shows hidden ones"
          spellCheck={false}
        />
        <FileList
          items={items}
          row={row}
          label={kind === 'file' ? 'Files' : 'Folders'}
          empty={emptyWords(folder !== null, filter, kind, machineName)}
          onRow={setRow}
          onOpen={open}
          onUp={up}
        />
        <div className="list-foot">
          <span role="status">
            {folder?.more && 'There are more than are listed: type the path of one that is missing.'}
            {folder && !folder.more && kind === 'folder' && `OK chooses ${folder.path}`}
          </span>
        </div>
      </div>
      {error && <ErrorNote error={error} />}
    </Dialog>
  );
}

function emptyWords(known: boolean, filter: string, kind: 'file' | 'folder', machine: string): string {
  if (!known) return `Asking ${machine}…`;
  if (filter.trim() !== '') return 'Nothing fits the filter.';
  return kind === 'file' ? 'The folder is empty, or has hidden files only.' : 'There are no folders in it.';
}
