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
  list(machine: string): Promise<void>;
  /** Stops asking; false when nothing is under way. */
  cancel(): boolean;
}

/** Asks machines for their servers; what is not waited for any more is cancelled. */
export function useBrowsing(): Browsing {
  const [state, setState] = useState<BrowseState>({ is: 'idle' });
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

  const stop = useRef(cancel);
  useEffect(() => () => void stop.current(), []);

  return { state, list, cancel };
}
