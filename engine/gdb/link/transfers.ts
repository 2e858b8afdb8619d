import { HawserError } from '../../../transports/errors/error.ts';
import type { BackendEvent } from '../../backend/types.ts';
import type { FetchOptions } from '../../images/store.ts';
import type { Transfer } from '../../protocol/session.ts';

let count = 0;

/** Files on their way: people are told of them, and can cancel each by its number. */
export class Transfers {
  readonly #emit: (event: BackendEvent) => void;
  readonly #running = new Map<number, AbortController>();

  constructor(emit: (event: BackendEvent) => void) {
    this.#emit = emit;
  }

  /**
   * Answers what `work` does; null where that fails or is cancelled, which has been told then.
   * @param place where it comes from; null: nothing is told before that is known
   */
  async run<T>(
    name: string,
    total: number | null,
    place: string | null,
    work: (options: FetchOptions) => Promise<T>,
  ): Promise<T | null> {
    count += 1;
    const id = count;
    const abort = new AbortController();
    this.#running.set(id, abort);
    const what = (from: string) => `${name} from ${from}`;
    let transfer: Transfer | null = null;
    const tell = (change: Partial<Transfer>) => {
      transfer = { id, what: name, done: 0, total, state: 'running', ...transfer, ...change };
      this.#emit({ type: 'transfer', transfer });
      return transfer;
    };
    if (place !== null) tell({ what: what(place) });
    try {
      const result = await work({
        signal: abort.signal,
        progress: (done, size) => tell({ done, total: size }),
        from: (source) => tell({ what: what(source) }),
      });
      const last = transfer as Transfer | null;
      if (last) tell({ state: 'done', done: last.total ?? last.done });
      return result;
    } catch (error) {
      const why = error instanceof HawserError ? error.text : String(error);
      if (!abort.signal.aborted) tell({ state: 'failed', error: why });
      else if (transfer) tell({ state: 'cancelled' });
      return null;
    } finally {
      this.#running.delete(id);
    }
  }

  cancel(id: number): void {
    this.#running.get(id)?.abort();
  }

  cancelAll(): void {
    for (const abort of this.#running.values()) abort.abort();
  }
}
