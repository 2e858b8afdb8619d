import type { Transfer } from '../../engine/protocol/session.ts';

/** What is fetched within this is not worth a line. */
const WORTH_SAYING_MS = 500;

interface Shown {
  readonly timer: NodeJS.Timeout;
  last: Transfer;
  said: boolean;
}

/** What a console says of files that are being fetched: a line when it takes long, and one when it has ended. */
export class TransferLines {
  readonly #say: (line: string) => void;
  readonly #running = new Map<number, Shown>();

  constructor(say: (line: string) => void) {
    this.#say = say;
  }

  take(transfer: Transfer): void {
    if (transfer.state === 'running') this.#runs(transfer);
    else this.#ends(transfer);
  }

  /** No more lines. */
  close(): void {
    for (const { timer } of this.#running.values()) clearTimeout(timer);
    this.#running.clear();
  }

  #runs(transfer: Transfer): void {
    const known = this.#running.get(transfer.id);
    if (known) {
      known.last = transfer;
      return;
    }
    const timer = setTimeout(() => this.#begins(transfer.id), WORTH_SAYING_MS);
    timer.unref();
    this.#running.set(transfer.id, { timer, last: transfer, said: false });
  }

  #begins(id: number): void {
    const shown = this.#running.get(id);
    if (!shown) return;
    shown.said = true;
    const { what, total } = shown.last;
    this.#say(`Fetching ${what}${total === null ? '' : ` (${size(total)})`}; commands go on meanwhile.`);
  }

  #ends(transfer: Transfer): void {
    const shown = this.#running.get(transfer.id);
    clearTimeout(shown?.timer);
    this.#running.delete(transfer.id);
    const { what, state, done, error } = transfer;
    if (state === 'failed') this.#say(`Fetching ${what} failed: ${error ?? 'no reason was told'}`);
    else if (shown?.said)
      this.#say(state === 'done' ? `Fetched ${what} (${size(done)}).` : `Gave up fetching ${what}.`);
  }
}

function size(bytes: number): string {
  if (bytes < 1024) return `${bytes} bytes`;
  return bytes < 1024 * 1024 ? `${Math.round(bytes / 1024)} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
