import { type ReactNode, useState } from 'react';
import type { IpcError } from '../../electron/ipc/contract.ts';
import type { ClientInfo } from '../../engine/protocol/session.ts';
import { ErrorNote } from '../lib/Note.tsx';
import { useStore } from '../lib/store.ts';
import { ask } from '../session/live.ts';
import { toIpcError } from '../session/session-error.ts';
import { attachment, clients } from '../session/stores.ts';
import { roleWord } from '../session/words.ts';
import { CloseButton, Dialog } from './Dialog.tsx';

const time = (at: number) => new Date(at).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });

interface RowProps {
  readonly client: ClientInfo;
  readonly own: boolean;
  readonly removable: boolean;
  onRemove(id: number): void;
  onRole(id: number, role: 'controller' | 'viewer'): void;
}

function Row({ client, own, removable, onRemove, onRole }: RowProps): ReactNode {
  const name = `${client.host}\\${client.user}`;
  return (
    <tr>
      <td>
        {name}
        {own && ' (you)'}
      </td>
      <td className="mono">{client.via}</td>
      <td>
        {removable ? (
          <select
            aria-label={`Role of ${name}`}
            value={client.role}
            onChange={(event) => onRole(client.id, event.target.value === 'viewer' ? 'viewer' : 'controller')}
          >
            <option value="controller">{roleWord('controller')}</option>
            <option value="viewer">{roleWord('viewer')}</option>
          </select>
        ) : (
          roleWord(client.role)
        )}
        {client.away && ' (link lost)'}
      </td>
      <td>{time(client.connectedAt)}</td>
      <td>{time(client.lastActive)}</td>
      <td className="actions">
        {removable && (
          <button
            type="button"
            className="danger"
            onClick={() => onRemove(client.id)}
            aria-label={`Remove ${name}`}
          >
            Remove
          </button>
        )}
      </td>
    </tr>
  );
}

export function ClientsDialog({ onClose }: { onClose(): void }): ReactNode {
  const list = useStore(clients);
  const attached = useStore(attachment);
  const you = attached.status === 'attached' ? attached.you : null;
  const [error, setError] = useState<IpcError | null>(null);

  const remove = (id: number) => {
    setError(null);
    ask('session/removeClient', { id }).catch((cause: unknown) => setError(toIpcError(cause)));
  };

  const setRole = (id: number, role: 'controller' | 'viewer') => {
    setError(null);
    ask('session/setRole', { id, role }).catch((cause: unknown) => setError(toIpcError(cause)));
  };

  return (
    <Dialog
      title="Clients"
      size="wide"
      onSubmit={onClose}
      onCancel={onClose}
      buttons={<CloseButton onClose={onClose} />}
    >
      {list.some((client) => client.id !== you?.id) ? null : (
        <p className="empty">
          Nobody else is here. Share This Session (File) opens a server that others join through.
        </p>
      )}
      <div className="table-wrap">
        <table>
          <thead>
            <tr>
              <th scope="col">Who</th>
              <th scope="col">Connected by</th>
              <th scope="col">Role</th>
              <th scope="col">Since</th>
              <th scope="col">Last active</th>
              <th scope="col">
                <span className="visually-hidden">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {list.map((client) => (
              <Row
                key={client.id}
                client={client}
                own={client.id === you?.id}
                removable={you?.role === 'owner' && client.id !== you.id}
                onRemove={remove}
                onRole={setRole}
              />
            ))}
          </tbody>
        </table>
      </div>
      {error && <ErrorNote error={error} />}
    </Dialog>
  );
}
