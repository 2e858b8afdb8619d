import { createStore } from '../lib/store.ts';
import { ask } from '../session/live.ts';
import { attachment } from '../session/stores.ts';
import { guiState } from '../state/gui.ts';
import type { LinkQuality } from './quality-words.ts';

/** How often the way to the session and back is measured, ms. */
const EVERY_MS = 3000;
const KEPT = 20;

const fresh: LinkQuality = { roundTrips: [], losses: 0, retries: 0 };

/** Of the link to a remote session. */
export const linkQuality = createStore<LinkQuality>(fresh);

let pending = false;

async function measure(): Promise<void> {
  const state = guiState.get();
  const remote = state?.mode === 'session' && state.kind === 'remote';
  if (pending || !remote || document.hidden || attachment.get().status !== 'attached') return;
  pending = true;
  const start = performance.now();
  try {
    await ask('session/ping', {});
    const took = performance.now() - start;
    linkQuality.update((now) => ({ ...now, roundTrips: [...now.roundTrips, took].slice(-KEPT) }));
  } catch {
    // A lost link is told elsewhere.
  } finally {
    pending = false;
  }
}

/** Counts what the main process tells of the link. */
function look(before: ReturnType<typeof guiState.get>): void {
  const state = guiState.get();
  if (state?.mode === 'dormant' || state?.mode === 'starting') linkQuality.set(fresh);
  if (state?.mode !== 'linkLost') return;
  const lost = before?.mode !== 'linkLost';
  const tries = state.reconnecting && (before?.mode !== 'linkLost' || !before.reconnecting);
  if (lost || tries)
    linkQuality.update((now) => ({
      roundTrips: lost ? [] : now.roundTrips,
      losses: now.losses + (lost ? 1 : 0),
      retries: now.retries + (tries ? 1 : 0),
    }));
}

/** Once. */
export function startLinkQuality(): void {
  let before = guiState.get();
  guiState.subscribe(() => {
    look(before);
    before = guiState.get();
  });
  attachment.subscribe(() => {
    if (attachment.get().status === 'attached') void measure();
  });
  setInterval(() => void measure(), EVERY_MS);
}
