import type { LayoutKind } from '../../electron/ipc/contract.ts';
import { createStore } from '../lib/store.ts';
import { attachment, target } from '../session/stores.ts';
import { guiState } from '../state/gui.ts';

/** Which layout fits what is debugged; null until that is known. It stays while a link is lost and after the target is gone. */
export const layoutKindNow = createStore<LayoutKind | null>(null);

function look(): void {
  const state = target.get();
  if (guiState.get()?.mode === 'dormant') layoutKindNow.set(null);
  else if (state?.kernel) layoutKindNow.set('kernel');
  else if (state?.kind === 'core') layoutKindNow.set('dump');
  else if (state?.kind === 'live') layoutKindNow.set('user');
  else if (state || attachment.get().status === 'failed') layoutKindNow.update((now) => now ?? 'user');
}

for (const store of [target, attachment, guiState]) store.subscribe(look);
