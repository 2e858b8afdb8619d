/** Nothing was asked for so long: whoever works has paused. */
const QUIET_MS = 30;
/** How often is looked while there is none. */
const BUSY_MS = 100;

/** Work that waits until the target stands still and GDB has nothing else to do. */
export class IdleWork {
  readonly #isIdle: () => boolean;
  readonly #work: (() => Promise<void>)[] = [];
  #timer: NodeJS.Timeout | null = null;
  #seen = false;

  constructor(isIdle: () => boolean) {
    this.#isIdle = isIdle;
  }

  add(work: () => Promise<void>): void {
    this.#work.push(work);
    this.#arm(QUIET_MS);
  }

  close(): void {
    this.#work.length = 0;
    if (this.#timer) clearTimeout(this.#timer);
  }

  #arm(milliseconds: number): void {
    this.#timer ??= setTimeout(() => void this.#look(), milliseconds).unref();
  }

  async #look(): Promise<void> {
    const idle = this.#isIdle();
    const run = idle && this.#seen;
    this.#seen = idle;
    // What it fails with the next command tells better.
    if (run)
      await this.#work
        .shift()?.()
        .catch(() => {});
    this.#timer = null;
    if (this.#work.length > 0) this.#arm(idle ? QUIET_MS : BUSY_MS);
  }
}
