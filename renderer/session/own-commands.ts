import { createStore } from '../lib/store.ts';

interface Sent {
  readonly id: string;
  readonly command: string;
}

/** Commands of this window that the session has not begun: they stand in its queue. */
export const unstarted = createStore<readonly Sent[]>([]);

export function sent(id: string, command: string): void {
  unstarted.update((list) => [...list, { id, command }]);
}

/** Begun, or answered without having begun. */
export function begun(id: string): void {
  unstarted.update((list) =>
    list.some((one) => one.id === id) ? list.filter((one) => one.id !== id) : list,
  );
}

export const forgetSent = (): void => unstarted.set([]);
