import type { PreferenceChange, SettingsState } from '../../electron/ipc/contract.ts';
import { invoke, onPush } from '../lib/hawser.ts';
import { createStore, type Store } from '../lib/store.ts';
import { DEFAULT_LINES } from '../output/scrollback.ts';

/** How one window shows things; kept by the page itself, since nothing else needs to know. */
export function kept<T>(key: string, initial: T, read: (stored: unknown) => T | null): Store<T> {
  const store = createStore(initial);
  const name = `hawser.${key}`;
  try {
    const stored = localStorage.getItem(name);
    if (stored !== null) store.set(read(JSON.parse(stored)) ?? initial);
  } catch {
    // Storage that cannot be read is as good as empty.
  }
  store.subscribe(() => {
    try {
      localStorage.setItem(name, JSON.stringify(store.get()));
    } catch {
      // Then it holds until the window closes.
    }
  });
  return store;
}

/** What a person has set; null until the main process has told. */
export const settings = createStore<SettingsState | null>(null);

export const scrollbackLines = createStore(DEFAULT_LINES);
export const wrapLines = createStore(false);
export const speakOutput = createStore(true);

function take(state: SettingsState): void {
  settings.set(state);
  scrollbackLines.set(state.values.scrollbackLines);
  wrapLines.set(state.values.wrapLines);
  speakOutput.set(state.values.speakOutput);
}

/** @returns why it could not be; '' when it is done */
export async function setPreferences(change: PreferenceChange): Promise<string> {
  const outcome = await invoke('settings/set', change);
  if (outcome.ok) take(outcome.value);
  return outcome.ok ? '' : outcome.error.message;
}

export async function resetPreferences(): Promise<void> {
  const outcome = await invoke('settings/reset', undefined);
  if (outcome.ok) take(outcome.value);
}

export async function startSettings(): Promise<void> {
  onPush('settings', take);
  const outcome = await invoke('settings/load', undefined);
  if (outcome.ok) take(outcome.value);
}
