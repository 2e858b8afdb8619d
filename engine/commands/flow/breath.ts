import type { CancelFlag } from '../cancel.ts';

/** So long a loop may go without letting anything else happen, milliseconds. */
const LONGEST = 8;

/**
 * Keeps loops from holding up the session: other work (a break-in, clients that read) gets its turn between their
 * statements, and a break-in ends them.
 */
export class Breath {
  readonly #cancel: CancelFlag;
  #last = performance.now();

  constructor(cancel: CancelFlag) {
    this.#cancel = cancel;
  }

  async take(): Promise<void> {
    if (performance.now() - this.#last > LONGEST) {
      await new Promise((resolve) => setImmediate(resolve));
      this.#last = performance.now();
    }
    this.#cancel.check();
  }
}
