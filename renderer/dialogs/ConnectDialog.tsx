import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import type { ConnectionCheck, IpcError } from '../../electron/ipc/contract.ts';
import { invoke } from '../lib/hawser.ts';
import { ErrorNote } from '../lib/Note.tsx';
import { backslashProblem } from './connection-text.ts';
import { Dialog } from './Dialog.tsx';
import { MarkedField, PasswordField, Problem } from './fields.tsx';
import { OkCancel, useStarting } from './starting.tsx';

const CHECK_AFTER_MS = 200;

async function check(text: string): Promise<ConnectionCheck | null> {
  if (text.trim() === '') return null;
  const outcome = backslashProblem(text);
  if (outcome) return outcome;
  const checked = await invoke('connection/check', { text });
  return checked.ok ? checked.value : null;
}

/** What is wrong with the text, a moment after the typing has paused. */
function useCheck(text: string): ConnectionCheck | null {
  const [checked, setChecked] = useState<{ text: string; result: ConnectionCheck | null } | null>(null);
  useEffect(() => {
    let stale = false;
    const timer = setTimeout(async () => {
      const result = await check(text);
      if (!stale) setChecked({ text, result });
    }, CHECK_AFTER_MS);
    return () => {
      stale = true;
      clearTimeout(timer);
    };
  }, [text]);
  return checked?.text === text ? checked.result : null;
}

function describe(text: string, { error, offset, length }: ConnectionCheck): string | null {
  if (!error) return null;
  const word = text.slice(offset, offset + length);
  const named = word !== '' && !error.message.includes(word) ? `“${word}”: ${error.message}` : error.message;
  return error.action === '' ? named : `${named} ${error.action}`;
}

interface Props {
  readonly prefill: string;
  /** What came of an earlier try. */
  readonly failed: IpcError | null;
  onClose(): void;
}

export function ConnectDialog({ prefill, failed, onClose }: Props): ReactNode {
  const id = useId();
  const [text, setText] = useState(prefill);
  const [password, setPassword] = useState('');
  const [missing, setMissing] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const passwordInput = useRef<HTMLInputElement>(null);
  const { working, error, start, cancel, clearError } = useStarting(failed);
  const checked = useCheck(text);
  const problem = missing ? 'Type a connection string first.' : checked && describe(text, checked);

  const edit = (next: string) => {
    setText(next);
    setMissing(false);
    clearError();
  };

  const connect = async () => {
    if (working) return;
    if (text.trim() === '') {
      setMissing(true);
      input.current?.focus();
      return;
    }
    if ((await check(text))?.error) {
      input.current?.focus();
      return;
    }
    const done = await start(
      'remote/connect',
      password === '' ? { connection: text } : { connection: text, password },
    );
    if (done) onClose();
  };

  // The field was disabled meanwhile: give the keyboard back to the one that is to be mended.
  useEffect(() => {
    if (!error) return;
    const place = error.code.includes('PASSWORD') ? passwordInput : input;
    place.current?.focus();
    place.current?.select();
  }, [error]);

  return (
    <Dialog
      title="Connect to Remote Debugger Session"
      onSubmit={connect}
      onCancel={() => cancel() || onClose()}
      buttons={<OkCancel working={working} progress="Connecting…" onCancel={() => cancel() || onClose()} />}
    >
      <div className="field">
        <label htmlFor={id}>Connection string</label>
        <MarkedField
          id={id}
          value={text}
          onChange={edit}
          mark={checked?.error ? checked : null}
          disabled={working}
          describedBy={`${id}-problem ${id}-examples`}
          placeholder="tcp:server=HOST,port=5005"
          inputRef={input}
        />
        <Problem id={`${id}-problem`} text={problem} />
      </div>
      <PasswordField
        value={password}
        onChange={setPassword}
        disabled={working}
        inputRef={passwordInput}
        hint={
          checked?.hasPassword
            ? 'The connection string has a password already: leave this empty.'
            : 'Only if the server asks for one. It is never stored.'
        }
      />
      {error && <ErrorNote error={error} />}
      <div className="examples" id={`${id}-examples`}>
        <span>Examples</span>
        <code>tcp:server=birch,port=5005</code>
        <span />
        <code>tcp:server=192.0.2.7,port=5005,ipversion=6</code>
        <span />
        <span>The server prints its string when it starts; write the host without backslashes.</span>
      </div>
    </Dialog>
  );
}
