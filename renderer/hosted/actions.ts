import type { IpcError } from '../../electron/ipc/contract.ts';
import type { HostedAction, Possible, SessionAction } from '../../electron/ipc/hosted.ts';
import { invoke } from '../lib/hawser.ts';
import { createStore } from '../lib/store.ts';
import { dialog, selected, sessionNow, signedIn } from './state.ts';

/** What came of an action that has no dialog to say it in. */
export const failure = createStore<IpcError | null>(null);

export interface ActionEntry {
  readonly action: HostedAction;
  readonly text: string;
  readonly keys: string;
  /** Begins a group. */
  readonly first?: boolean;
}

export const entries: readonly ActionEntry[] = [
  { action: 'host', text: 'Host Session…', keys: 'Ctrl+N' },
  { action: 'takePart', text: 'Take Part…', keys: 'Ctrl+L' },
  { action: 'open', text: 'Open', keys: 'Enter', first: true },
  { action: 'invite', text: 'Invite Client…', keys: 'Ctrl+I' },
  { action: 'close', text: 'Close', keys: '' },
  { action: 'terminate', text: 'Terminate Session…', keys: '' },
  { action: 'remove', text: 'Remove from List', keys: 'Delete' },
  { action: 'signOut', text: 'Sign Out', keys: '', first: true },
];

export function possible(action: HostedAction): Possible {
  const state = signedIn();
  if (!state) return 'Sign in first.';
  if (action === 'host') return state.mayHost;
  if (action === 'takePart') return state.mayJoin;
  if (action === 'signOut') return true;
  return sessionNow(selected.get())?.actions[action] ?? 'Select a session first.';
}

type Direct = Extract<SessionAction, 'open' | 'close' | 'remove'>;

async function direct(action: Direct, session: string): Promise<void> {
  const outcome = await invoke(`hosted/${action}`, { session });
  if (outcome.ok) return;
  if (action === 'open' && outcome.error.code === 'SESSION_KEY_MISSING')
    dialog.set({ kind: 'unlock', session });
  else failure.set(outcome.error);
}

/** As a choice in the Actions menu; what cannot be done now does nothing. */
export function act(action: HostedAction): void {
  failure.set(null);
  if (possible(action) !== true || dialog.get()) return;
  if (action === 'host' || action === 'takePart') dialog.set({ kind: action });
  else if (action === 'signOut') void invoke('hosted/signOut', undefined);
  else {
    const session = selected.get();
    if (session === null) return;
    if (action === 'invite' || action === 'terminate') dialog.set({ kind: action, session });
    else void direct(action, session);
  }
}
