import { useCallback, useEffect, useRef, useState } from 'react';
import type { Folder, IpcError } from '../../electron/ipc/contract.ts';
import type { Where } from '../dialogs/queue.ts';
import { invoke } from '../lib/hawser.ts';

const PATIENCE_MS = 500;

export interface Folders {
  readonly folder: Folder | null;
  readonly error: IpcError | null;
  /** It takes its time. */
  readonly slow: boolean;
  go(path: string): void;
  cancel(): void;
}

/** Walks through a machine's folders: what is known of one at once, and news as they come. */
export function useFolder(machine: Where, begin: string): Folders {
  const [folder, setFolder] = useState<Folder | null>(null);
  const [error, setError] = useState<IpcError | null>(null);
  const [slow, setSlow] = useState(false);
  const turn = useRef(0);

  const go = useCallback(
    (path: string) => {
      const mine = ++turn.current;
      let listed = false;
      setError(null);
      const timer = setTimeout(() => mine === turn.current && setSlow(true), PATIENCE_MS);
      void invoke('folder/known', { machine, path }).then((known) => {
        if (mine === turn.current && !listed && known.ok && known.value) setFolder(known.value);
      });
      void invoke('folder/list', { machine, path }).then((outcome) => {
        clearTimeout(timer);
        if (mine !== turn.current) return;
        listed = true;
        setSlow(false);
        if (outcome.ok) setFolder(outcome.value);
        else setError(outcome.error);
      });
    },
    [machine],
  );
  const cancel = useCallback(() => {
    turn.current++;
    setSlow(false);
  }, []);

  useEffect(() => {
    go(begin);
    return cancel;
  }, [begin, go, cancel]);

  return { folder, error, slow, go, cancel };
}
