import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import type { IpcError, ServerKind } from '../../electron/ipc/contract.ts';
import { ErrorNote } from '../lib/Note.tsx';
import { BrowseServersDialog } from './BrowseServersDialog.tsx';
import { check, describe, useCheck } from './connection-check.ts';
import { asteriskIn } from './connection-text.ts';
import { Dialog } from './Dialog.tsx';
import { MarkedField, PasswordField, Problem } from './fields.tsx';
import { OkCancel, useStarting } from './starting.tsx';

/** Process and KD connection servers are no place for a session. */
const DEBUGGING: readonly ServerKind[] = ['debugger'];

/** Gives the box the keyboard, with the asterisk, where there is one, selected to type over. */
function selectAsterisk(box: HTMLInputElement | null): void {
  if (!box) return;
  const end = box.value.length;
  const { from, to } = asteriskIn(box.value) ?? { from: end, to: end };
  box.focus();
  box.setSelectionRange(from, to);
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
  const [missing, setMissing] = useState<string | null>(null);
  const [browsing, setBrowsing] = useState(false);
  /** Counts what came from browsing. */
  const [chosen, setChosen] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  const passwordInput = useRef<HTMLInputElement>(null);
  const { working, error, start, cancel, clearError } = useStarting(failed);
  const checked = useCheck(text);
  const problem = missing ?? (checked && describe(text, checked));

  const edit = (next: string) => {
    setText(next);
    setMissing(null);
    clearError();
  };

  const connect = async () => {
    if (working) return;
    if (text.trim() === '') {
      setMissing('Type a connection string first.');
      input.current?.focus();
      return;
    }
    const now = await check(text);
    if (now?.error) {
      input.current?.focus();
      return;
    }
    if (now?.asksPassword && password === '') {
      setMissing(
        'The asterisk stands for a password: type it over the asterisk, or into the Password field.',
      );
      selectAsterisk(input.current);
      return;
    }
    const done = await start(
      'remote/connect',
      password === '' ? { connection: text } : { connection: text, password },
    );
    if (done) onClose();
  };

  // After the dialog above has gone, and given the keyboard back to the button.
  useEffect(() => {
    if (chosen > 0) selectAsterisk(input.current);
  }, [chosen]);

  // The field was disabled meanwhile: give the keyboard back to the one that is to be mended.
  useEffect(() => {
    if (!error) return;
    const place = error.code.includes('PASSWORD') ? passwordInput : input;
    place.current?.focus();
    place.current?.select();
  }, [error]);

  return (
    <>
      <Dialog
        title="Connect to Remote Debugger Session"
        onSubmit={connect}
        onCancel={() => cancel() || onClose()}
        buttons={<OkCancel working={working} progress="Connecting…" onCancel={() => cancel() || onClose()} />}
      >
        <div className="field">
          <label htmlFor={id}>Connection string</label>
          <div className="row">
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
            <button
              type="button"
              onClick={() => setBrowsing(true)}
              disabled={working}
              title="List the servers of a machine"
            >
              Browse…
            </button>
          </div>
          <Problem id={`${id}-problem`} text={problem} />
        </div>
        <PasswordField
          value={password}
          onChange={(value) => {
            setPassword(value);
            setMissing(null);
          }}
          disabled={working}
          inputRef={passwordInput}
          hint={
            checked?.asksPassword
              ? 'Answers the asterisk in the connection string. It is never stored.'
              : checked?.hasPassword
                ? 'The connection string has a password already: leave this empty.'
                : 'Only if the server asks for one. It is never stored.'
          }
        />
        {error && <ErrorNote error={error} />}
        <div className="examples" id={`${id}-examples`}>
          <span>Examples</span>
          <code>tcp:server=birch,port=5005</code>
          <span />
          <code>ssl:proto=tls1,certuser=team,server=birch,port=5443</code>
          <span />
          <code>npipe:server=birch,pipe=MainPipe</code>
          <span />
          <span>The server prints its string when it starts; write the host without backslashes.</span>
        </div>
      </Dialog>
      {browsing && (
        <BrowseServersDialog
          kinds={DEBUGGING}
          onChosen={(connection) => {
            edit(connection);
            setChosen((count) => count + 1);
          }}
          onClose={() => setBrowsing(false)}
        />
      )}
    </>
  );
}
