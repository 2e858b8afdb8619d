import type { FetchOptions } from './store.ts';

/** Often enough for a bar that moves. */
const PROGRESS_MS = 100;

interface Job<T> {
  readonly askers: Set<FetchOptions>;
  readonly controller: AbortController;
  readonly result: Promise<T>;
  place: string | null;
  done: number;
  total: number | null;
}

/** Does the same thing once for all who ask for it at the same time, and stops when the last one does not want it any more. */
export class Sharing<T> {
  readonly #jobs = new Map<string, Job<T>>();

  /** Whether somebody asks for it already. */
  has(key: string): boolean {
    return this.#jobs.has(key);
  }

  /** @param cancelled makes the error of an asker whose signal was given */
  ask(
    key: string,
    asker: FetchOptions,
    run: (options: FetchOptions) => Promise<T>,
    cancelled: () => Error,
  ): Promise<T> {
    if (asker.signal.aborted) return Promise.reject(cancelled());
    const job = this.#jobs.get(key) ?? this.#start(key, run);
    job.askers.add(asker);
    if (job.place !== null) asker.from(job.place);
    if (job.done > 0) asker.progress(job.done, job.total);
    return new Promise<T>((resolve, reject) => {
      const leave = () => {
        job.askers.delete(asker);
        asker.signal.removeEventListener('abort', abort);
      };
      const abort = () => {
        leave();
        if (job.askers.size === 0) this.#stop(key, job);
        reject(cancelled());
      };
      asker.signal.addEventListener('abort', abort);
      job.result.finally(leave).then(resolve, reject);
    });
  }

  #start(key: string, run: (options: FetchOptions) => Promise<T>): Job<T> {
    const controller = new AbortController();
    const askers = new Set<FetchOptions>();
    const state = { place: null as string | null, done: 0, total: null as number | null };
    let timer: NodeJS.Timeout | undefined;
    let begins = true;
    const tell = () => {
      timer = undefined;
      for (const asker of askers) asker.progress(state.done, state.total);
    };
    const result = Promise.resolve().then(() =>
      run({
        signal: controller.signal,
        from: (place) => {
          state.place = place;
          state.done = 0;
          clearTimeout(timer);
          timer = undefined;
          begins = true;
          for (const asker of askers) asker.from(place);
        },
        progress: (done, total) => {
          state.done = done;
          state.total = total;
          if (begins || done === total) {
            clearTimeout(timer);
            tell();
          } else timer ??= setTimeout(tell, PROGRESS_MS);
          begins = false;
        },
      }),
    );
    const job: Job<T> = Object.assign(state, { askers, controller, result });
    this.#jobs.set(key, job);
    result
      .catch(() => {})
      .finally(() => {
        clearTimeout(timer);
        this.#forget(key, job);
      });
    return job;
  }

  /** Who asks from now on begins anew. */
  #stop(key: string, job: Job<T>): void {
    this.#forget(key, job);
    job.controller.abort();
  }

  #forget(key: string, job: Job<T>): void {
    if (this.#jobs.get(key) === job) this.#jobs.delete(key);
  }
}

/** So many at once, the others in the order in which they queued. */
export class Slots {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(count: number) {
    this.#free = count;
  }

  /** A place in the queue. It is to be left in the end, whether or not its turn came. */
  queue(signal: AbortSignal): Place {
    let state: 'waiting' | 'running' | 'left' = 'waiting';
    let begin = () => {};
    let cancel = (_reason: unknown) => {};
    const turn = new Promise<void>((resolve, reject) => {
      begin = resolve;
      cancel = reject;
    });
    // Whoever left before does not wait for it.
    turn.catch(() => {});
    const start = () => {
      state = 'running';
      begin();
    };
    const abort = () => {
      if (state === 'waiting') leave();
    };
    const leave = () => {
      signal.removeEventListener('abort', abort);
      if (state === 'running') this.#next();
      else if (state === 'waiting') {
        this.#waiting.splice(this.#waiting.indexOf(start), 1);
        cancel(signal.reason);
      }
      state = 'left';
    };
    this.#waiting.push(start);
    if (signal.aborted) leave();
    else {
      signal.addEventListener('abort', abort);
      if (this.#free > 0) {
        this.#free -= 1;
        this.#waiting.pop();
        start();
      }
    }
    return { turn, leave };
  }

  #next(): void {
    const start = this.#waiting.shift();
    if (start) start();
    else this.#free += 1;
  }
}

export interface Place {
  /** Rejects when the signal is given before. */
  readonly turn: Promise<void>;
  leave(): void;
}
