/** So long a loop may go without letting anything else happen, milliseconds. */
const LONGEST = 8;

/** Keeps long loops from holding up the session: other work (a break-in, clients that read) gets its turn between their rounds. */
export class Turns {
  #last = performance.now();

  async take(): Promise<void> {
    if (performance.now() - this.#last <= LONGEST) return;
    await new Promise((resolve) => setImmediate(resolve));
    this.#last = performance.now();
  }
}
