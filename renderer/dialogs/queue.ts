import type { GuiState, IpcError, RecentEntry, RequestArgs } from '../../electron/ipc/contract.ts';
import { createStore } from '../lib/store.ts';

/** Whose processes and files are chosen from. */
export type Where = RequestArgs<'process/list'>['machine'];

export type DialogSpec =
  | { readonly kind: 'connect'; readonly prefill?: string; readonly error?: IpcError | null }
  | { readonly kind: 'connectStub'; readonly prefill?: string; readonly error?: IpcError | null }
  | {
      readonly kind: 'kernel';
      /** A wire. */
      readonly prefill?: string;
      /** The KD connection server to go through; its password, which was asked for before. */
      readonly server?: string;
      readonly password?: string;
      readonly error?: IpcError | null;
    }
  | { readonly kind: 'executable'; readonly machine: Where; readonly prefill?: RecentEntry }
  | { readonly kind: 'attach'; readonly machine: Where }
  | { readonly kind: 'core'; readonly prefill?: string }
  | { readonly kind: 'share' }
  | { readonly kind: 'servers' }
  | { readonly kind: 'clients' }
  | { readonly kind: 'stop' }
  | { readonly kind: 'about' }
  | { readonly kind: 'help' }
  | { readonly kind: 'log' }
  | { readonly kind: 'palette' }
  | { readonly kind: 'path'; readonly which: 'symbolPath' | 'sourcePath' }
  | { readonly kind: 'settings'; readonly page: 'look' | 'keys' }
  | { readonly kind: 'runLines'; readonly lines: readonly string[]; readonly run: () => void };

export type DialogKind = DialogSpec['kind'];

type Mode = GuiState['mode'];

const dormant: readonly Mode[] = ['dormant', 'starting'];
const beforeSession: readonly Mode[] = [...dormant, 'stub'];

/** When a dialog makes sense; those that are not named need a session. */
const modes: Readonly<Partial<Record<DialogKind, readonly Mode[]>>> = {
  connect: dormant,
  connectStub: dormant,
  kernel: dormant,
  core: dormant,
  executable: beforeSession,
  attach: beforeSession,
};
const anywhere: readonly DialogKind[] = ['about', 'help', 'palette', 'path', 'settings'];

/** The first is shown; the others wait for it to close. */
export const dialogs = createStore<readonly DialogSpec[]>([]);

/** One of each kind at a time. */
export function openDialog(spec: DialogSpec): void {
  dialogs.update((list) => (list.some(({ kind }) => kind === spec.kind) ? list : [...list, spec]));
}

export function closeDialog(kind: DialogKind): void {
  dialogs.update((list) => list.filter((spec) => spec.kind !== kind));
}

export function fits(kind: DialogKind, mode: Mode): boolean {
  return anywhere.includes(kind) || (modes[kind] ?? ['session']).includes(mode);
}

/** Whose processes and files a dialog would choose from now. */
export function whereNow(state: GuiState): Where {
  return state.mode === 'stub' || (state.mode === 'starting' && state.stub) ? 'stub' : 'local';
}

/** What makes no sense any more goes: a process that was chosen on one machine is none of another. */
export function closeUnfitting(state: GuiState): void {
  const stays = (spec: DialogSpec) =>
    fits(spec.kind, state.mode) && (!('machine' in spec) || spec.machine === whereNow(state));
  dialogs.update((list) => (list.every(stays) ? list : list.filter(stays)));
}
