import type { Transfer } from '../../engine/protocol/session.ts';
import { createStore } from '../lib/store.ts';

export interface Transfers {
  readonly running: readonly Transfer[];
  /** Not dismissed yet, the last ones. */
  readonly failed: readonly Transfer[];
}

export interface Progress {
  readonly text: string;
  /** From 0 to 1; null where it cannot be said. */
  readonly part: number | null;
}

const KEPT_FAILURES = 20;
const none: Transfers = { running: [], failed: [] };

/** Files on their way to the session, and those that did not come. */
export const transfers = createStore<Transfers>(none);

export function takeTransfer(transfer: Transfer): void {
  transfers.update(({ running, failed }) => {
    const others = running.filter(({ id }) => id !== transfer.id);
    if (transfer.state === 'running') return { running: [...others, transfer], failed };
    const failures = transfer.state === 'failed' ? [...failed, transfer].slice(-KEPT_FAILURES) : failed;
    return { running: others, failed: failures };
  });
}

export const forgetTransfers = (): void => transfers.set(none);
export const dismissFailures = (): void => transfers.update((now) => ({ ...now, failed: [] }));

const MEGA = 1_000_000;

const megabytes = (bytes: number): string =>
  bytes < 9.95 * MEGA ? (bytes / MEGA).toFixed(1) : String(Math.round(bytes / MEGA));

/** `libc.so.6 from birch`; several that come from one place: `3 files from birch`. */
function what(running: readonly Transfer[]): string {
  const [first] = running;
  if (running.length === 1 && first) return first.what;
  const places = new Set(running.map((each) => /.* from (.+)$/.exec(each.what)?.[1]));
  const [place] = places;
  return places.size === 1 && place ? `${running.length} files from ${place}` : `${running.length} files`;
}

/** All of them summed up: `Fetching libc.so.6 from birch: 3.1 of 12 MB`. Null: none is on its way. */
export function progressOf(running: readonly Transfer[]): Progress | null {
  if (running.length === 0) return null;
  const done = running.reduce((sum, each) => sum + each.done, 0);
  const total = running.reduce<number | null>(
    (sum, each) => (sum === null || each.total === null ? null : sum + each.total),
    0,
  );
  const bytes = total === null ? megabytes(done) : `${megabytes(done)} of ${megabytes(total)}`;
  const part = total === null || total === 0 ? null : Math.min(1, done / total);
  return { text: `Fetching ${what(running)}: ${bytes} MB`, part };
}
