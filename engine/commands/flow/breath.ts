import { Turns } from '../../turns.ts';
import type { CancelFlag } from '../cancel.ts';

/** {@link Turns} for the loops of commands: a break-in ends them. */
export class Breath {
  readonly #cancel: CancelFlag;
  readonly #turns = new Turns();

  constructor(cancel: CancelFlag) {
    this.#cancel = cancel;
  }

  async take(): Promise<void> {
    await this.#turns.take();
    this.#cancel.check();
  }
}
