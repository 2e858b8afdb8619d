import { type ReactNode, useRef, useState } from 'react';
import type {
  IpcError,
  Outcome,
  RequestArgs,
  RequestName,
  RequestResults,
} from '../../electron/ipc/contract.ts';
import { invoke, tell } from '../lib/hawser.ts';

export interface Starting {
  readonly working: boolean;
  readonly error: IpcError | null;
  /** Calls; resolves to whether it went well. */
  start<N extends RequestName>(name: N, args: RequestArgs<N>): Promise<boolean>;
  /** Stops what is under way; false when nothing is. */
  cancel(): boolean;
  clearError(): void;
}

/** A connect, launch or attach that a dialog waits for: it can be cancelled, and its error stays. */
export function useStarting(failed: IpcError | null = null): Starting {
  const [working, setWorking] = useState(false);
  const [error, setError] = useState(failed);
  const cancelled = useRef(false);

  return {
    working,
    error,
    async start(name, args) {
      cancelled.current = false;
      setError(null);
      setWorking(true);
      const outcome: Outcome<RequestResults[typeof name]> = await invoke(name, args);
      setWorking(false);
      if (!outcome.ok && !cancelled.current) setError(outcome.error);
      return outcome.ok;
    },
    cancel() {
      if (!working) return false;
      cancelled.current = true;
      tell('start/cancel', undefined);
      return true;
    },
    clearError: () => setError(null),
  };
}

interface ButtonsProps {
  readonly working: boolean;
  readonly progress: string;
  /** Nothing is chosen yet. */
  readonly disabled?: boolean;
  /** OK can be used whatever is under way. */
  readonly ready?: boolean;
  onCancel(): void;
}

export function OkCancel({ working, progress, disabled, ready, onCancel }: ButtonsProps): ReactNode {
  return (
    <>
      <div className="progress" role="status">
        {working && (
          <>
            <span className="spinner" />
            <span>{progress}</span>
          </>
        )}
      </div>
      <button type="submit" className="primary" disabled={(working && !ready) || disabled}>
        OK
      </button>
      <button type="button" onClick={onCancel}>
        Cancel
      </button>
    </>
  );
}
