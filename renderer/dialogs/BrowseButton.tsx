import type { ReactNode } from 'react';
import { invoke } from '../lib/hawser.ts';

interface Props {
  readonly title: string;
  readonly kind: 'file' | 'folder';
  readonly disabled: boolean;
  onChosen(path: string): void;
}

export function BrowseButton({ title, kind, disabled, onChosen }: Props): ReactNode {
  const choose = async () => {
    const outcome = await invoke('dialog/chooseFile', { title, kind });
    if (outcome.ok && outcome.value !== null) onChosen(outcome.value);
  };
  return (
    <button type="button" onClick={() => void choose()} disabled={disabled} title={title}>
      Browse…
    </button>
  );
}
