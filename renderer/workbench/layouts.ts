import type { LayoutKind, Layouts } from '../../electron/ipc/contract.ts';
import { invoke, tell } from '../lib/hawser.ts';
import { createStore } from '../lib/store.ts';

const none: Layouts = { user: '', kernel: '', dump: '' };
/** A drag of a divider is many changes. */
const SAVE_AFTER_MS = 300;

/** How the windows were left; null until the main process has told. */
export const layouts = createStore<Layouts | null>(null);

let unsaved: { readonly kind: LayoutKind; readonly layout: string } | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;

function flush(): void {
  clearTimeout(timer);
  if (unsaved) tell('layout/save', unsaved);
  unsaved = null;
}

/** @param layout '' for the one that comes with the program */
export function keepLayout(kind: LayoutKind, layout: string): void {
  const now = layouts.get() ?? none;
  if (now[kind] === layout) return;
  if (unsaved && unsaved.kind !== kind) flush();
  layouts.set({ ...now, [kind]: layout });
  unsaved = { kind, layout };
  clearTimeout(timer);
  timer = setTimeout(flush, SAVE_AFTER_MS);
}

export async function startLayouts(): Promise<void> {
  window.addEventListener('pagehide', flush);
  const outcome = await invoke('layout/load', undefined);
  layouts.set(outcome.ok ? outcome.value : none);
}
