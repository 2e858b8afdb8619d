import { type ReactNode, useState } from 'react';
import type { IpcError } from '../../electron/ipc/contract.ts';
import type { ServerInfo } from '../../engine/protocol/session.ts';
import { ErrorNote, Note } from '../lib/Note.tsx';
import { ask } from '../session/live.ts';
import { toIpcError } from '../session/session-error.ts';
import { CopyLine } from './CopyLine.tsx';
import { CloseButton, Dialog } from './Dialog.tsx';
import { PasswordField, TextField } from './fields.tsx';
import { generatePassword, readPort, serverConnection } from './share-text.ts';
import { OkCancel } from './starting.tsx';

const newPassword = () => generatePassword((bytes) => crypto.getRandomValues(bytes));

interface Shared {
  readonly server: ServerInfo;
  /** Empty: none. */
  readonly password: string;
  readonly loopbackOnly: boolean;
}

function SharedView({ shared, onClose }: { shared: Shared; onClose(): void }): ReactNode {
  const { server, password, loopbackOnly } = shared;
  return (
    <Dialog
      title="Share This Session"
      onSubmit={onClose}
      onCancel={onClose}
      buttons={<CloseButton onClose={onClose} />}
    >
      <p role="status">The session is shared. Others join it with this:</p>
      <CopyLine label="Connection string" text={server.connection} />
      {password !== '' && <CopyLine label="Password" text={password} />}
      {password === '' && (
        <Note tone="warning">
          <p>
            No password: anybody who reaches this port can run commands
            {loopbackOnly ? ' on this machine' : ''} as you do. Stop sharing in File, Servers.
          </p>
        </Note>
      )}
      {loopbackOnly && <p className="muted">It can be reached from this machine only.</p>}
    </Dialog>
  );
}

interface ReachProps {
  readonly loopbackOnly: boolean;
  onChange(loopbackOnly: boolean): void;
}

function Reach({ loopbackOnly, onChange }: ReachProps): ReactNode {
  return (
    <fieldset>
      <legend>Who can reach it</legend>
      <label className="choice">
        <input type="radio" name="reach" checked={loopbackOnly} onChange={() => onChange(true)} />
        <span>Only this machine (loopback)</span>
      </label>
      <label className="choice">
        <input type="radio" name="reach" checked={!loopbackOnly} onChange={() => onChange(false)} />
        <span>Every machine that reaches this one (all addresses)</span>
      </label>
    </fieldset>
  );
}

interface ProtectionProps {
  /** Null: none wanted. */
  readonly password: string | null;
  onChange(password: string | null): void;
}

function Protection({ password, onChange }: ProtectionProps): ReactNode {
  return (
    <fieldset>
      <legend>Protection</legend>
      <label className="choice">
        <input
          type="checkbox"
          checked={password !== null}
          onChange={(event) => onChange(event.target.checked ? newPassword() : null)}
        />
        <span>Ask for a password</span>
      </label>
      {password !== null && (
        <>
          <PasswordField value={password} onChange={onChange} hint="Generated; type your own if you like." />
          <div>
            <button type="button" onClick={() => onChange(newPassword())}>
              Generate another
            </button>
          </div>
        </>
      )}
    </fieldset>
  );
}

export function ShareDialog({ onClose }: { onClose(): void }): ReactNode {
  const [port, setPort] = useState('5005');
  const [loopbackOnly, setLoopbackOnly] = useState(true);
  const [password, setPassword] = useState<string | null>(newPassword);
  const [problem, setProblem] = useState<string | null>(null);
  const [error, setError] = useState<IpcError | null>(null);
  const [working, setWorking] = useState(false);
  const [shared, setShared] = useState<Shared | null>(null);

  const share = async () => {
    const choice = readPort(port);
    setProblem(choice.ok ? null : choice.reason);
    if (!choice.ok || working) return;
    const secret = password ?? '';
    const connection = serverConnection(choice.text, loopbackOnly);
    setWorking(true);
    setError(null);
    try {
      const asked = secret === '' ? { connection } : { connection, password: secret };
      const { server } = await ask('session/startServer', asked);
      setShared({ server, password: secret, loopbackOnly });
    } catch (cause) {
      setError(toIpcError(cause));
    }
    setWorking(false);
  };

  if (shared) return <SharedView shared={shared} onClose={onClose} />;
  return (
    <Dialog
      title="Share This Session"
      onSubmit={share}
      onCancel={onClose}
      buttons={<OkCancel working={working} progress="Opening the port…" onCancel={onClose} />}
    >
      <TextField
        label="Port"
        value={port}
        onChange={setPort}
        problem={problem}
        hint="Of a range, 5000:5010, the first free one is taken."
        mono
        autoFocus
      />
      <Reach loopbackOnly={loopbackOnly} onChange={setLoopbackOnly} />
      <Protection password={password} onChange={setPassword} />
      {!password && (
        <Note tone="warning">
          <p>
            Without a password anybody who reaches the port can run commands here, and what they do to the
            target they do as you.
          </p>
        </Note>
      )}
      {error && <ErrorNote error={error} />}
    </Dialog>
  );
}
