import { Fragment, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import type { IpcError, ServerKind } from '../../electron/ipc/contract.ts';
import { ErrorNote } from '../lib/Note.tsx';
import { BrowseServersDialog } from './BrowseServersDialog.tsx';
import { check, describe, useCheck } from './connection-check.ts';
import { asteriskIn } from './connection-text.ts';
import { Dialog } from './Dialog.tsx';
import { MarkedField, PasswordField, Problem } from './fields.tsx';
import { openDialog } from './queue.ts';
import { OkCancel, useStarting } from './starting.tsx';

interface Place {
  readonly title: string;
  readonly request: 'remote/connect' | 'stub/connect';
  /** Of servers, those that Browse lists. */
  readonly kinds: readonly ServerKind[];
  readonly placeholder: string;
  readonly examples: readonly string[];
  readonly advice: string;
}

/** Sessions are joined through debugging servers only; stubs are all the other servers, and bare GDB stubs. */
const places: Readonly<Record<'session' | 'stub', Place>> = {
  session: {
    title: 'Connect to Remote Debugger Session',
    request: 'remote/connect',
    kinds: ['debugger'],
    placeholder: 'tcp:server=HOST,port=5005',
    examples: [
      'tcp:server=birch,port=5005',
      'ssl:proto=tls1,certuser=team,server=birch,port=5443',
      'npipe:server=birch,pipe=MainPipe',
    ],
    advice: 'The server prints its string when it starts; write the host without backslashes.',
  },
  stub: {
    title: 'Connect to Remote Stub Server',
    request: 'stub/connect',
    kinds: ['process', 'kd'],
    placeholder: 'tcp:server=HOST,port=5005',
    examples: [
      'tcp:server=birch,port=5005',
      'ssl:proto=tls1,certuser=team,server=birch,port=5443',
      'gdb:server=birch,port=1234',
    ],
    advice:
      'The first two reach a process server (hawser dbgsrv) or a KD connection server (hawser kdsrv), which then asks for the wire; gdb: a stub such as gdbserver, QEMU or valgrind. Write the host without backslashes.',
  },
};

/** Gives the box the keyboard, with the asterisk, where there is one, selected to type over. */
function selectAsterisk(box: HTMLInputElement | null): void {
  if (!box) return;
  const end = box.value.length;
  const { from, to } = asteriskIn(box.value) ?? { from: end, to: end };
  box.focus();
  box.setSelectionRange(from, to);
}

interface Props {
  readonly to: 'session' | 'stub';
  readonly prefill: string;
  /** What came of an earlier try. */
  readonly failed: IpcError | null;
  onClose(): void;
}

/** Both of File's: Connect to Remote Session, Connect to Remote Stub. */
export function ConnectDialog({ to, prefill, failed, onClose }: Props): ReactNode {
  const id = useId();
  const place = places[to];
  const [text, setText] = useState(prefill);
  const [password, setPassword] = useState('');
  const [missing, setMissing] = useState<string | null>(null);
  const [browsing, setBrowsing] = useState(false);
  /** Counts what came from browsing. */
  const [chosen, setChosen] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  const passwordInput = useRef<HTMLInputElement>(null);
  const { working, error, start, cancel, clearError } = useStarting(failed);
  const checked = useCheck(text, to);
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
    const now = await check(text, to);
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
      place.request,
      password === '' ? { connection: text } : { connection: text, password },
    );
    if (done) onClose();
  };

  // A KD connection server has wires, of which one is chosen.
  useEffect(() => {
    if (to !== 'stub' || error?.code !== 'WRONG_KIND' || error.data.is !== 'kd') return;
    onClose();
    openDialog({ kind: 'kernel', server: text, ...(password !== '' && { password }) });
  }, [error, to, text, password, onClose]);

  // After the dialog above has gone, and given the keyboard back to the button.
  useEffect(() => {
    if (chosen > 0) selectAsterisk(input.current);
  }, [chosen]);

  // The field was disabled meanwhile: give the keyboard back to the one that is to be mended.
  useEffect(() => {
    if (!error) return;
    const wrong = error.code.includes('PASSWORD') ? passwordInput : input;
    wrong.current?.focus();
    wrong.current?.select();
  }, [error]);

  return (
    <>
      <Dialog
        title={place.title}
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
              placeholder={place.placeholder}
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
          {place.examples.map((example, i) => (
            <Fragment key={example}>
              <span>{i === 0 ? 'Examples' : ''}</span>
              <code>{example}</code>
            </Fragment>
          ))}
          <span />
          <span>{place.advice}</span>
        </div>
      </Dialog>
      {browsing && (
        <BrowseServersDialog
          kinds={place.kinds}
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
