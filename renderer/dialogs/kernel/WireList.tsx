import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { IpcError, MachineWires } from '../../../electron/ipc/contract.ts';
import { invoke } from '../../lib/hawser.ts';
import { ErrorNote } from '../../lib/Note.tsx';

interface Props {
  /** A KD connection server; null: this machine. */
  readonly server: string | null;
  readonly password: string;
  /** Those that belong to the tab. */
  readonly fits: (trans: string) => boolean;
  /** Ask as soon as it is shown. */
  readonly atOnce: boolean;
  readonly disabled: boolean;
  onChosen(trans: string): void;
}

/** Serial ports and stubs that a machine seems to have; one is chosen by a click, or typed instead. */
export function WireList({ server, password, fits, atOnce, disabled, onChosen }: Props): ReactNode {
  const [found, setFound] = useState<MachineWires | null>(null);
  const [error, setError] = useState<IpcError | null>(null);
  const [asking, setAsking] = useState(false);

  /** How often it was asked for. */
  const [asked, setAsked] = useState(atOnce ? 1 : 0);
  const now = useRef({ server, password });
  now.current = { server, password };

  useEffect(() => {
    if (asked === 0) return;
    let stale = false;
    const { server, password } = now.current;
    setAsking(true);
    setError(null);
    void invoke('kernel/wires', { server, ...(password !== '' && { password }) }).then((outcome) => {
      if (stale) return;
      setAsking(false);
      if (outcome.ok) setFound(outcome.value);
      else setError(outcome.error);
    });
    return () => {
      stale = true;
    };
  }, [asked]);

  const wires = found?.wires.filter(({ trans }) => fits(trans)) ?? [];
  return (
    <div className="field">
      <div className="row">
        <button
          type="button"
          onClick={() => setAsked(asked + 1)}
          disabled={disabled || asking || server === ''}
        >
          {asking ? 'Looking…' : server === null ? "List this machine's wires" : "List that machine's wires"}
        </button>
        <span className="hint" role="status">
          {found &&
            (wires.length === 0 ? `Nothing was found on ${found.machine}; type it.` : `On ${found.machine}:`)}
        </span>
      </div>
      {wires.length > 0 && (
        <ul className="wires" aria-label={`Wires of ${found?.machine ?? ''}`}>
          {wires.map(({ trans, title, takenBy }) => (
            <li key={trans}>
              <button type="button" disabled={disabled} onClick={() => onChosen(trans)}>
                <span className="mono">{trans}</span>
                <span className="muted">{takenBy === null ? title : `${title}, in use by ${takenBy}`}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
      {error && <ErrorNote error={error} />}
    </div>
  );
}
