import type { AppInfo, GuiState, RecentEntry } from '../../electron/ipc/contract.ts';
import { invoke, onPush } from '../lib/hawser.ts';
import { createStore } from '../lib/store.ts';

/** What the main process says this window shows; null until it has said so. */
export const guiState = createStore<GuiState | null>(null);
export const appInfo = createStore<AppInfo | null>(null);
export const recent = createStore<readonly RecentEntry[]>([]);

export async function refreshRecent(): Promise<void> {
  const outcome = await invoke('recent/list', undefined);
  if (outcome.ok) recent.set(outcome.value);
}

export async function clearRecent(): Promise<void> {
  await invoke('recent/clear', undefined);
  await refreshRecent();
}

export async function startGuiState(): Promise<void> {
  let pushed = false;
  onPush('state', (state) => {
    pushed = true;
    guiState.set(state);
    if (state.mode === 'dormant') void refreshRecent();
  });
  void refreshRecent();
  void invoke('app/info', undefined).then((info) => {
    if (info.ok) appInfo.set(info.value);
  });
  const state = await invoke('app/state', undefined);
  // A push that came meanwhile is newer than this answer.
  if (!pushed) {
    guiState.set(state.ok ? state.value : { mode: 'dormant', notice: null, error: state.error });
  }
}
