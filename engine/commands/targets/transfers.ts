import type { Backend } from '../../backend/backend.ts';
import type { Transfer } from '../../protocol/session.ts';

interface Numbered {
  readonly id: number;
  readonly backend: Backend;
  readonly own: number;
}

/** Numbers the transfers of all back ends, so that each has a number of its own in the session. */
export class Transfers {
  #last = 0;
  #running: readonly Numbered[] = [];

  numbered(backend: Backend, transfer: Transfer): Transfer {
    const known = this.#running.find((each) => each.backend === backend && each.own === transfer.id);
    const entry = known ?? { id: ++this.#last, backend, own: transfer.id };
    const others = this.#running.filter((each) => each !== known);
    this.#running = transfer.state === 'running' ? [...others, entry] : others;
    return { ...transfer, id: entry.id };
  }

  cancel(id: number): void {
    const entry = this.#running.find((each) => each.id === id);
    entry?.backend.cancelTransfer(entry.own);
  }
}
