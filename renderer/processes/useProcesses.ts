import { useCallback, useEffect, useRef, useState } from 'react';
import type { IpcError, ProcessList } from '../../electron/ipc/contract.ts';
import type { Where } from '../dialogs/queue.ts';
import { invoke } from '../lib/hawser.ts';

/** A machine that answers at once shows no progress that flickers. */
const PATIENCE_MS = 500;

export interface Processes {
  readonly list: ProcessList | null;
  readonly error: IpcError | null;
  readonly asking: boolean;
  /** It takes its time. */
  readonly slow: boolean;
  refresh(): void;
  /** Waits no longer. */
  cancel(): void;
}

/** A machine's processes: what is known of them at once, and news as they come. F5 asks again. */
export function useProcesses(machine: Where): Processes {
  const [list, setList] = useState<ProcessList | null>(null);
  const [error, setError] = useState<IpcError | null>(null);
  const [asking, setAsking] = useState(false);
  const [slow, setSlow] = useState(false);
  const turn = useRef(0);

  const refresh = useCallback(() => {
    const mine = ++turn.current;
    setAsking(true);
    setError(null);
    const timer = setTimeout(() => mine === turn.current && setSlow(true), PATIENCE_MS);
    void invoke('process/list', { machine }).then((outcome) => {
      clearTimeout(timer);
      if (mine !== turn.current) return;
      setAsking(false);
      setSlow(false);
      if (outcome.ok) setList(outcome.value);
      else setError(outcome.error);
    });
  }, [machine]);

  const cancel = useCallback(() => {
    turn.current++;
    setAsking(false);
    setSlow(false);
  }, []);

  useEffect(() => {
    let gone = false;
    void invoke('process/known', { machine }).then((outcome) => {
      // What came meanwhile is newer.
      if (!gone && outcome.ok) setList((now) => now ?? outcome.value);
    });
    refresh();
    return () => {
      gone = true;
      turn.current++;
    };
  }, [machine, refresh]);

  useEffect(() => {
    const keys = (event: KeyboardEvent) => {
      if (event.key !== 'F5') return;
      event.preventDefault();
      refresh();
    };
    window.addEventListener('keydown', keys);
    return () => window.removeEventListener('keydown', keys);
  }, [refresh]);

  return { list, error, asking, slow, refresh, cancel };
}
