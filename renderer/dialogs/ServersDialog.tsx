import { type ReactNode, useState } from 'react';
import type { IpcError } from '../../electron/ipc/contract.ts';
import { invoke } from '../lib/hawser.ts';
import { ErrorNote } from '../lib/Note.tsx';
import { useStore } from '../lib/store.ts';
import { ask } from '../session/live.ts';
import { toIpcError } from '../session/session-error.ts';
import { attachment, servers } from '../session/stores.ts';
import { CloseButton, Dialog } from './Dialog.tsx';
import { openDialog } from './queue.ts';

export function ServersDialog({ onClose }: { onClose(): void }): ReactNode {
  const list = useStore(servers);
  const attached = useStore(attachment);
  const viewer = attached.status === 'attached' && attached.you.role === 'viewer';
  const [error, setError] = useState<IpcError | null>(null);

  const stop = (id: number) => {
    setError(null);
    ask('session/endServer', { id }).catch((cause: unknown) => setError(toIpcError(cause)));
  };
  const share = () => {
    onClose();
    openDialog({ kind: 'share' });
  };

  return (
    <Dialog
      title="Servers"
      size="wide"
      onSubmit={onClose}
      onCancel={onClose}
      buttons={
        <>
          {!viewer && (
            <button type="button" onClick={share}>
              Share This Session…
            </button>
          )}
          <CloseButton onClose={onClose} />
        </>
      }
    >
      {list.length === 0 ? (
        <p className="empty">Nobody can join yet: this session has no servers. Share it to open one.</p>
      ) : (
        <div className="table-wrap">
          <table>
            <thead>
              <tr>
                <th scope="col">ID</th>
                <th scope="col">Others connect with</th>
                <th scope="col">State</th>
                <th scope="col">
                  <span className="visually-hidden">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {list.map((server) => (
                <tr key={server.id}>
                  <td>{server.id}</td>
                  <td className="mono">{server.connection}</td>
                  <td>{server.state === 'listening' ? 'Listening' : 'Ending'}</td>
                  <td className="actions">
                    <button
                      type="button"
                      onClick={() => void invoke('clipboard/write', { text: server.connection })}
                      aria-label={`Copy the connection string of server ${server.id}`}
                    >
                      Copy
                    </button>
                    {!viewer && (
                      <button
                        type="button"
                        className="danger"
                        onClick={() => stop(server.id)}
                        disabled={server.state === 'ending'}
                        aria-label={`Stop server ${server.id}`}
                      >
                        Stop
                      </button>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {error && <ErrorNote error={error} />}
    </Dialog>
  );
}
