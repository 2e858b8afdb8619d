import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { GuiState, IpcError, RequestName } from '../../electron/ipc/contract.ts';
import { invoke } from '../lib/hawser.ts';
import { Icon } from '../lib/icons.tsx';

type Lost = Extract<GuiState, { mode: 'linkLost' }>;

/** Words, not colour: what happened, what is still here, what can be done. */
export function LinkLost({ state }: { state: Lost }): ReactNode {
  const [failed, setFailed] = useState<IpcError | null>(null);
  const first = useRef<HTMLButtonElement>(null);
  // The command's text box had the keyboard, and is gone.
  useEffect(() => {
    if (document.activeElement === document.body) first.current?.focus();
  }, []);
  const call = async (name: Extract<RequestName, 'session/reconnect' | 'session/giveUp'>) => {
    setFailed(null);
    const outcome = await invoke(name, undefined);
    if (!outcome.ok) setFailed(outcome.error);
  };
  const { message, action } = failed ?? state.error;
  return (
    <section className="link-lost" role="alert" aria-label="Link lost">
      <Icon name="warning" />
      <div className="grow">
        <strong>{failed ? 'Reconnecting did not work' : 'The link to the session was lost'}</strong>
        <p>{message}</p>
        <p className="muted">
          {!state.reconnecting && state.retryIn !== null && <Countdown from={state.retryIn} />}
          {state.retryIn === null && action !== '' && `${action} `}
          The session may go on without you. What it wrote until now stays readable below.
        </p>
      </div>
      {state.reconnecting && <span className="spinner" />}
      <button
        type="button"
        ref={first}
        data-main-focus
        className="primary"
        disabled={state.reconnecting}
        onClick={() => void call('session/reconnect')}
      >
        {state.reconnecting ? 'Reconnecting…' : state.retryIn === null ? 'Reconnect' : 'Reconnect now'}
      </button>
      <button type="button" onClick={() => void call('session/giveUp')}>
        Give up
      </button>
    </section>
  );
}

/** Counts down; hidden from screen readers, which would be told every second. */
function Countdown({ from }: { from: number }): ReactNode {
  const [left, setLeft] = useState(from);
  useEffect(() => {
    const end = performance.now() + from;
    setLeft(from);
    const timer = setInterval(() => setLeft(Math.max(0, end - performance.now())), 250);
    return () => clearInterval(timer);
  }, [from]);
  return <span aria-hidden="true">Trying again in {Math.ceil(left / 1000)} s. </span>;
}
