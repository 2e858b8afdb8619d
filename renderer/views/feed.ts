import type { IpcError } from '../../electron/ipc/contract.ts';
import type {
  ViewAnswer,
  ViewName,
  ViewQuery,
  ViewResults,
  ViewsResult,
} from '../../engine/protocol/views.ts';

/** What a window has of what it asked for. */
export interface Shown<T> {
  readonly value: T | null;
  /** The last value before the target ran, of the same thread and frame; null: nothing to compare with. */
  readonly before: T | null;
  readonly error: IpcError | null;
}

export const nothingShown: Shown<never> = { value: null, before: null, error: null };

interface Subscription {
  query: ViewQuery;
  json: string;
  out: boolean;
  shown: Shown<unknown>;
  run: number;
  context: string;
  tell(shown: Shown<unknown>): void;
}

/** A window's place in the feed. */
export interface Wanted<N extends ViewName> {
  ask(query: Extract<ViewQuery, { readonly view: N }>): void;
  end(): void;
}

interface Surroundings {
  /** Whether the session can be asked now: attached, and the target neither runs nor is gone. */
  ready(): boolean;
  request(queries: readonly ViewQuery[]): Promise<ViewsResult>;
  /** Calls back a little later: what is asked for at the same time goes together. */
  soon(callback: () => void): void;
}

/** Of one request. */
const MOST_QUERIES = 32;

/**
 * Asks for what the windows on screen show: all that is out of date in one request, one request at a time. A window
 * that is not on screen is not in it.
 */
export class ViewFeed {
  readonly #around: Surroundings;
  readonly #wanted = new Set<Subscription>();
  #scheduled = false;
  #asking = false;
  /** Something was wanted while a request was under way. */
  #again = false;

  constructor(around: Surroundings) {
    this.#around = around;
  }

  /** @param tell hears of every answer */
  want<N extends ViewName>(tell: (shown: Shown<ViewResults[N]>) => void): Wanted<N> {
    const subscription: Subscription = {
      query: { view: 'breakpoints' },
      json: '',
      out: false,
      shown: nothingShown,
      run: 0,
      context: '',
      tell: tell as (shown: Shown<unknown>) => void,
    };
    return {
      ask: (query) => {
        const json = JSON.stringify(query);
        if (json === subscription.json && this.#wanted.has(subscription)) return;
        Object.assign(subscription, { query, json, out: true });
        this.#wanted.add(subscription);
        this.#schedule();
      },
      end: () => this.#wanted.delete(subscription),
    };
  }

  /** Something happened after which answers may be others. */
  outOfDate(): void {
    for (const each of this.#wanted) each.out = true;
    this.#schedule();
  }

  /** Another session: nothing of the last one counts. */
  forget(): void {
    for (const each of this.#wanted) {
      Object.assign(each, { out: true, shown: nothingShown, run: 0, context: '' });
      each.tell(nothingShown);
    }
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#around.soon(() => {
      this.#scheduled = false;
      void this.#ask();
    });
  }

  async #ask(): Promise<void> {
    const asked = [...this.#wanted].filter(({ out }) => out).slice(0, MOST_QUERIES);
    if (this.#asking) {
      this.#again = true;
      return;
    }
    if (asked.length === 0 || !this.#around.ready()) return;
    this.#asking = true;
    this.#again = false;
    const sent = asked.map((subscription) => ({ subscription, json: subscription.json }));
    for (const { subscription } of sent) subscription.out = false;
    let result: ViewsResult | null = null;
    try {
      result = await this.#around.request(asked.map(({ query }) => query));
    } catch {
      // A lost link is told elsewhere; what is shown stays, and is asked for anew with what happens next.
    }
    this.#asking = false;
    const answered = result?.status === 'answered' ? result : null;
    for (const [at, { subscription, json }] of sent.entries()) {
      const answer = answered?.answers[at];
      // A query that has changed meanwhile goes out again, and this answer is none of it.
      if (answered && answer && subscription.json === json) take(subscription, answer, answered);
      else subscription.out = true;
    }
    if (answered || this.#again) this.#schedule();
  }
}

function take(subscription: Subscription, answer: ViewAnswer, { run, context }: ViewsResult): void {
  const { shown } = subscription;
  const same = subscription.context === context;
  const before = !same ? null : subscription.run === run ? shown.before : shown.value;
  Object.assign(subscription, { run, context });
  subscription.shown = answer.ok
    ? { value: answer.value, before, error: null }
    : { value: null, before, error: answer.error };
  subscription.tell(subscription.shown);
}
