/** Commands run one after the other, in the order in which they came, from whomever. */
export class CommandQueue {
  #tail: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #running = false;
  /** Jobs that need not wait for their turn, in order. */
  readonly #early = new Set<() => void>();

  /** Jobs that have not begun. */
  get waiting(): number {
    return this.#waiting;
  }

  get running(): boolean {
    return this.#running;
  }

  get hasEarly(): boolean {
    return this.#early.size > 0;
  }

  run<T>(job: () => Promise<T>): Promise<T> {
    this.#waiting++;
    return this.#inTurn(() => {
      this.#waiting--;
      return job();
    });
  }

  /** In turn, but none of the jobs that are told of as waiting or running: nobody's command is at work. */
  look<T>(job: () => Promise<T>): Promise<T> {
    const result = this.#tail.then(job);
    this.#tail = result.catch(() => undefined);
    return result;
  }

  /** As {@link run}; but {@link overtake} begins it before its turn, `early` then. */
  runEarly<T>(job: (early: boolean) => Promise<T>): Promise<T> {
    this.#waiting++;
    return new Promise((resolve, reject) => {
      const begin = (early: boolean): Promise<void> => {
        this.#early.delete(overtake);
        this.#waiting--;
        return job(early).then(resolve, reject);
      };
      const overtake = () => void begin(true);
      this.#early.add(overtake);
      void this.#inTurn(async () => {
        if (this.#early.has(overtake)) await begin(false);
      });
    });
  }

  /** Begins all that need not wait. */
  overtake(): void {
    for (const begin of [...this.#early]) begin();
  }

  #inTurn<T>(job: () => Promise<T>): Promise<T> {
    const result = this.#tail.then(async () => {
      this.#running = true;
      try {
        return await job();
      } finally {
        this.#running = false;
      }
    });
    this.#tail = result.catch(() => undefined);
    return result;
  }
}
