/** What is on its way out, and may have to be waited for. */
export class Closing {
  readonly #ends = new Set<Promise<void>>();
  readonly #failed: (error: unknown) => void;

  constructor(failed: (error: unknown) => void) {
    this.#failed = failed;
  }

  track(end: Promise<void>): void {
    const settled = end.catch(this.#failed).finally(() => this.#ends.delete(settled));
    this.#ends.add(settled);
  }

  /** Resolves when all that is on its way out now is out. */
  async all(): Promise<void> {
    await Promise.all([...this.#ends]);
  }
}
