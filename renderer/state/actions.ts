import type { ActionId, ListedAction } from '../../electron/ipc/contract.ts';
import { invoke } from '../lib/hawser.ts';
import { createStore, useStore } from '../lib/store.ts';
import { settings } from './settings.ts';

/** Every action with its keys. Whether it can be used is as it was when it was asked. */
const listed = createStore<readonly ListedAction[]>([]);

async function refresh(): Promise<void> {
  const outcome = await invoke('actions/list', undefined);
  if (outcome.ok) listed.set(outcome.value);
}

/** `Step Over (F10): p`, for hints. */
export function useActionHint(id: ActionId): string {
  const action = useStore(listed).find((each) => each.id === id);
  if (!action) return '';
  const keys = action.keys.length > 0 ? ` (${action.keys.join(', ')})` : '';
  return `${action.title}${keys}${action.command === '' ? '' : `: ${action.command}`}`;
}

/** The keys of one; '' where it has none. */
export function useActionKeys(id: ActionId): string {
  return useStore(listed).find((each) => each.id === id)?.keys[0] ?? '';
}

export function startActionList(): void {
  settings.subscribe(() => void refresh());
  void refresh();
}
