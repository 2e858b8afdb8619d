/** Commands run one after the other, in the order in which they came, from whomever. */
export class CommandQueue {
  #tail: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #running = false;

  /** Jobs that have not begun. */
  get waiting(): number {
    return this.#waiting;
  }

  get running(): boolean {
    return this.#running;
  }

  run<T>(job: () => Promise<T>): Promise<T> {
    this.#waiting++;
    const result = this.#tail.then(async () => {
      this.#waiting--;
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
