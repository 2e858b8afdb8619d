import { engineErrors } from '../errors.ts';

/** Set by a break-in; looked at by everything that loops or prints at length. */
export class CancelFlag {
  #requested = false;
  #times = 0;
  readonly #listeners = new Set<() => void>();

  get requested(): boolean {
    return this.#requested;
  }

  set requested(requested: boolean) {
    this.#requested = requested;
    if (requested) this.#times++;
    if (requested) for (const listener of [...this.#listeners]) listener();
  }

  check(): void {
    if (this.#requested) throw engineErrors.interrupted();
  }

  /** A check of its own: for what is done after the break-in that stopped the target, and another is to cancel. */
  fromNowOn(): () => void {
    const before = this.#times;
    return () => {
      if (this.#times !== before) throw engineErrors.interrupted();
    };
  }

  /** Waits for work that cannot look at the flag itself: a break-in calls `give up` and ends the wait. */
  async during<T>(work: Promise<T>, giveUp: () => void): Promise<T> {
    let listener = (): void => {};
    const cancelled = new Promise<never>((_, reject) => {
      listener = () => {
        reject(engineErrors.interrupted());
        giveUp();
      };
    });
    this.#listeners.add(listener);
    if (this.#requested) listener();
    work.catch(() => {});
    try {
      return await Promise.race([work, cancelled]);
    } finally {
      this.#listeners.delete(listener);
    }
  }
}
