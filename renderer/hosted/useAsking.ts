import { useRef, useState } from 'react';
import type {
  IpcError,
  Outcome,
  RequestArgs,
  RequestName,
  RequestResults,
} from '../../electron/ipc/contract.ts';
import { invoke, tell } from '../lib/hawser.ts';

export interface Asking {
  readonly working: boolean;
  readonly error: IpcError | null;
  /** Null: it failed, which stands in `error`, or was cancelled. */
  ask<N extends RequestName>(name: N, args: RequestArgs<N>): Promise<{ value: RequestResults[N] } | null>;
  /** Stops what is under way; false when nothing is. */
  cancel(): boolean;
  clear(): void;
}

/** Something that a dialog asks the main process, and waits for. */
export function useAsking(first: IpcError | null = null): Asking {
  const [working, setWorking] = useState(false);
  const [error, setError] = useState(first);
  const cancelled = useRef(false);
  return {
    working,
    error,
    async ask(name, args) {
      cancelled.current = false;
      setError(null);
      setWorking(true);
      const outcome: Outcome<RequestResults[typeof name]> = await invoke(name, args);
      setWorking(false);
      if (outcome.ok) return { value: outcome.value };
      if (!cancelled.current) setError(outcome.error);
      return null;
    },
    cancel() {
      if (!working) return false;
      cancelled.current = true;
      tell('hosted/cancel', undefined);
      return true;
    },
    clear: () => setError(null),
  };
}
