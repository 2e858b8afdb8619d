import { createStore, type Store } from '../lib/store.ts';
import { DEFAULT_LINES, MAX_LINES, MIN_LINES } from '../output/scrollback.ts';

/** How this window shows things; kept by the page itself, since nothing else needs to know. */
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

export const clampLines = (lines: number) => Math.min(MAX_LINES, Math.max(MIN_LINES, Math.round(lines)));

export const scrollbackLines = kept('scrollbackLines', DEFAULT_LINES, (value) =>
  typeof value === 'number' && Number.isFinite(value) ? clampLines(value) : null,
);
export const wrapLines = kept('wrapLines', false, (value) => (typeof value === 'boolean' ? value : null));
