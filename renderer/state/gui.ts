import type { AppInfo, GuiState, RecentEntry, RequestArgs } from '../../electron/ipc/contract.ts';
import { invoke, onPush } from '../lib/hawser.ts';
import { createStore } from '../lib/store.ts';

type Where = RequestArgs<'process/list'>['machine'];

/** What the main process says this window shows; null until it has said so. */
export const guiState = createStore<GuiState | null>(null);
export const appInfo = createStore<AppInfo | null>(null);
export const recent = createStore<readonly RecentEntry[]>([]);

/** What the machines that one can choose from are called. */
export const machineName = createStore<Readonly<Record<Where, string>>>({
  local: 'this machine',
  stub: 'the other machine',
});

function nameMachines(): void {
  const state = guiState.get();
  const stub = (state && 'stub' in state && state.stub?.machine) || machineName.get().stub;
  const local = appInfo.get()?.host ?? machineName.get().local;
  machineName.set({ local, stub });
}
guiState.subscribe(nameMachines);
appInfo.subscribe(nameMachines);

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
    guiState.set(
      state.ok ? state.value : { mode: 'dormant', notice: null, error: state.error, ending: null },
    );
  }
}
