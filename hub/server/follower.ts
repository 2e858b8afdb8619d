import type { Entry } from '../protocol/hub.ts';
import type { Histories } from '../store/store.ts';

/** Of one message: small enough that others on the connection do not wait for it. */
const PAGE_ENTRIES = 512;
const PAGE_BYTES = 256 * 1024;

export interface FollowerOptions {
  readonly session: string;
  readonly after: number;
  /** Bytes sent ahead of what was acknowledged, at most; one entry is always allowed. */
  readonly window: number;
  /** Resolves when the connection has room for more. */
  readonly send: (entries: readonly Entry[]) => Promise<void>;
  readonly failed: (error: unknown) => void;
}

/**
 * One who reads a session's history from some entry on, and what is added to it: at their own pace. What they have not
 * acknowledged is not kept for them but read again from the store, so that a slow one costs a number and no more.
 */
export class Follower {
  readonly #histories: Histories;
  readonly #options: FollowerOptions;
  /** What is on the way: numbers and bytes, oldest first. */
  readonly #ahead: { readonly seq: number; readonly bytes: number }[] = [];
  #bytesAhead = 0;
  #sent: number;
  #last = 0;
  #working = false;
  #ended = false;
  #unfollow: (() => void) | null = null;

  constructor(histories: Histories, options: FollowerOptions) {
    this.#histories = histories;
    this.#options = options;
    this.#sent = options.after;
  }

  async start(): Promise<void> {
    if (this.#ended) return;
    const { session } = this.#options;
    // Followed first, then looked: nothing comes in between unseen.
    const unfollow = await this.#histories.follow(session, (last) => this.#grown(last));
    if (this.#ended) unfollow();
    else this.#unfollow = unfollow;
    this.#grown(await this.#histories.last(session));
  }

  ack(seq: number): void {
    let count = 0;
    for (const each of this.#ahead) {
      if (each.seq > seq) break;
      this.#bytesAhead -= each.bytes;
      count++;
    }
    if (count === 0) return;
    this.#ahead.splice(0, count);
    this.#wake();
  }

  end(): void {
    this.#ended = true;
    this.#unfollow?.();
    this.#unfollow = null;
  }

  #grown(last: number): void {
    if (last <= this.#last) return;
    this.#last = last;
    this.#wake();
  }

  #wake(): void {
    if (this.#working || this.#ended) return;
    this.#working = true;
    void this.#work()
      .catch((error) => {
        if (!this.#ended) this.#options.failed(error);
      })
      .finally(() => {
        this.#working = false;
        // What came while the last step ended.
        if (this.#mayGoOn()) this.#wake();
      });
  }

  async #work(): Promise<void> {
    const { session, window } = this.#options;
    while (this.#mayGoOn()) {
      const room = Math.min(PAGE_BYTES, window - this.#bytesAhead);
      const page = await this.#histories.read(session, this.#sent + 1, PAGE_ENTRIES, room);
      if (page.length === 0 || this.#ended) return;
      for (const { seq, sealed } of page) {
        this.#ahead.push({ seq, bytes: sealed.length });
        this.#bytesAhead += sealed.length;
        this.#sent = seq;
      }
      await this.#options.send(page);
    }
  }

  #mayGoOn(): boolean {
    const room = this.#ahead.length === 0 || this.#bytesAhead < this.#options.window;
    return !this.#ended && room && this.#sent < this.#last;
  }
}
