import type { IpcError, RecentEntry } from '../../electron/ipc/contract.ts';
import { createStore } from '../lib/store.ts';

export type DialogSpec =
  | { readonly kind: 'connect'; readonly prefill?: string; readonly error?: IpcError | null }
  | { readonly kind: 'executable'; readonly prefill?: RecentEntry }
  | { readonly kind: 'attach' }
  | { readonly kind: 'core'; readonly prefill?: string }
  | { readonly kind: 'share' }
  | { readonly kind: 'servers' }
  | { readonly kind: 'clients' }
  | { readonly kind: 'stop' }
  | { readonly kind: 'about' }
  | { readonly kind: 'help' }
  | { readonly kind: 'runLines'; readonly lines: readonly string[]; readonly run: () => void };

export type DialogKind = DialogSpec['kind'];

/** Only while dormant; the others that are not in {@link anywhere} need a session. */
const starting: readonly DialogKind[] = ['connect', 'executable', 'attach', 'core'];
const anywhere: readonly DialogKind[] = ['about', 'help'];

/** The first is shown; the others wait for it to close. */
export const dialogs = createStore<readonly DialogSpec[]>([]);

/** One of each kind at a time. */
export function openDialog(spec: DialogSpec): void {
  dialogs.update((list) => (list.some(({ kind }) => kind === spec.kind) ? list : [...list, spec]));
}

export function closeDialog(kind: DialogKind): void {
  dialogs.update((list) => list.filter((spec) => spec.kind !== kind));
}

export function fits(kind: DialogKind, mode: 'dormant' | 'starting' | 'session' | 'linkLost'): boolean {
  if (anywhere.includes(kind)) return true;
  const start = mode === 'dormant' || mode === 'starting';
  return starting.includes(kind) ? start : mode === 'session';
}

/** What makes no sense any more goes. */
export function closeUnfitting(mode: 'dormant' | 'starting' | 'session' | 'linkLost'): void {
  dialogs.update((list) =>
    list.every(({ kind }) => fits(kind, mode)) ? list : list.filter(({ kind }) => fits(kind, mode)),
  );
}
