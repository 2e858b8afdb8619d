import type { IpcError } from '../../electron/ipc/contract.ts';
import type {
  AttachResult,
  ClientInfo,
  ServerInfo,
  SessionEvent,
  TargetState,
} from '../../engine/protocol/session.ts';
import { createStore } from '../lib/store.ts';
import { forgetTransfers, takeTransfer } from './transfers.ts';

export type Attachment =
  | { readonly status: 'none' | 'attaching' }
  | { readonly status: 'attached'; readonly you: ClientInfo; readonly host: string; readonly version: string }
  | { readonly status: 'failed'; readonly error: IpcError };

/** One store for each concern: what one component shows does not move with what another does. */
export const attachment = createStore<Attachment>({ status: 'none' });
export const target = createStore<TargetState | null>(null);
export const clients = createStore<readonly ClientInfo[]>([]);
export const servers = createStore<readonly ServerInfo[]>([]);

export function takeSnapshot(result: AttachResult): void {
  const { you, host, version } = result;
  attachment.set({ status: 'attached', you, host, version });
  target.set(result.state);
  clients.set(result.clients);
  servers.set(result.servers);
}

export function forget(): void {
  attachment.set({ status: 'none' });
  target.set(null);
  clients.set([]);
  servers.set([]);
  forgetTransfers();
}

const without = <T extends { readonly id: number }>(list: readonly T[], id: number) =>
  list.filter((one) => one.id !== id);
const withOne = <T extends { readonly id: number }>(list: readonly T[], one: T) => [
  ...without(list, one.id),
  one,
];

/** An event that came after the snapshot was taken. */
export function applyEvent(event: SessionEvent): void {
  switch (event.type) {
    case 'state':
      target.set(event.state);
      break;
    case 'clientJoined':
      clients.update((list) => withOne(list, event.client));
      break;
    case 'clientAway':
    case 'clientBack':
    case 'clientChanged':
      clients.update((list) => withOne(list, event.client));
      attachment.update((now) =>
        now.status === 'attached' && now.you.id === event.client.id ? { ...now, you: event.client } : now,
      );
      break;
    case 'clientLeft':
      clients.update((list) => without(list, event.client.id));
      break;
    case 'serverStarted':
      servers.update((list) => withOne(list, event.server));
      break;
    case 'serverEnded':
      servers.update((list) => without(list, event.server.id));
      break;
    case 'transfer':
      takeTransfer(event.transfer);
      break;
    default:
      break;
  }
}
