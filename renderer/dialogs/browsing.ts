import { useEffect, useRef, useState } from 'react';
import type { BrowsedServer, IpcError } from '../../electron/ipc/contract.ts';
import { invoke, tell } from '../lib/hawser.ts';

export type BrowseState =
  | { readonly is: 'idle' }
  | { readonly is: 'loading'; readonly machine: string }
  | { readonly is: 'listed'; readonly machine: string; readonly servers: readonly BrowsedServer[] }
  | { readonly is: 'failed'; readonly machine: string; readonly error: IpcError };

export interface Browsing {
  readonly state: BrowseState;
  /** Asked before, the last one first. */
  readonly machines: readonly string[];
  list(machine: string): Promise<void>;
  /** Stops asking; false when nothing is under way. */
  cancel(): boolean;
}

/** Asks machines for their servers; what is not waited for any more is cancelled. */
export function useBrowsing(remembered: (machine: string) => void): Browsing {
  const [state, setState] = useState<BrowseState>({ is: 'idle' });
  const [machines, setMachines] = useState<readonly string[]>([]);
  const asked = useRef(0);
  const loading = useRef(false);

  const list = async (machine: string) => {
    const turn = ++asked.current;
    loading.current = true;
    setState({ is: 'loading', machine });
    const outcome = await invoke('directory/list', { machine });
    if (turn !== asked.current) return;
    loading.current = false;
    if (outcome.ok) setState({ is: 'listed', machine, servers: outcome.value });
    else setState({ is: 'failed', machine, error: outcome.error });
  };
  const cancel = () => {
    if (!loading.current) return false;
    asked.current++;
    loading.current = false;
    tell('directory/cancel', undefined);
    setState({ is: 'idle' });
    return true;
  };

  const began = useRef({ list, cancel, remembered });
  useEffect(() => {
    const { list: first, cancel: stop, remembered: found } = began.current;
    let gone = false;
    void invoke('directory/machines', undefined).then((outcome) => {
      const [last] = outcome.ok ? outcome.value : [];
      if (gone || !outcome.ok || last === undefined) return;
      setMachines(outcome.value);
      found(last);
      void first(last);
    });
    return () => {
      gone = true;
      stop();
    };
  }, []);

  return { state, machines, list, cancel };
}
