import type { HostedAction, HostedState, ListedSession } from '../../electron/ipc/hosted.ts';
import { invoke, onPush, tell } from '../lib/hawser.ts';
import { createStore } from '../lib/store.ts';

export type Tab = 'host' | 'part';

export type HostedDialog =
  | { readonly kind: 'host' }
  | { readonly kind: 'invite'; readonly session: string }
  | { readonly kind: 'takePart' }
  /** Its key is not on this computer. */
  | { readonly kind: 'unlock'; readonly session: string }
  | { readonly kind: 'terminate'; readonly session: string };

/** What the main process says; null until it has. */
export const hosted = createStore<HostedState | null>(null);
export const tab = createStore<Tab>('host');
export const selected = createStore<string | null>(null);
export const dialog = createStore<HostedDialog | null>(null);

export type SignedIn = Extract<HostedState, { mode: 'signedIn' }>;

export function signedIn(): SignedIn | null {
  const state = hosted.get();
  return state?.mode === 'signedIn' ? state : null;
}

export function sessionNow(id: string | null): ListedSession | null {
  return signedIn()?.sessions?.find((session) => session.id === id) ?? null;
}

export const closeDialog = () => dialog.set(null);

/** @param act what an entry of the native Actions menu does */
export async function startHosted(act: (action: HostedAction) => void): Promise<void> {
  let pushed = false;
  onPush('hosted', (state) => {
    pushed = true;
    hosted.set(state);
  });
  onPush('hostedAction', ({ action }) => act(action));
  selected.subscribe(() => tell('hosted/select', { session: selected.get() }));
  hosted.subscribe(() => {
    const now = dialog.get();
    // A dialog about what is not there any more.
    if (now && (!signedIn() || ('session' in now && !sessionNow(now.session)))) closeDialog();
  });
  const state = await invoke('hosted/state', undefined);
  if (state.ok && !pushed) hosted.set(state.value);
}
