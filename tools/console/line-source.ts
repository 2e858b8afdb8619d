import type { Interface } from 'node:readline';

/** Lines of a readline, asked for one at a time; what comes before it is asked for waits. */
export class LineSource {
  readonly #waiting: string[] = [];
  #reader: ((line: string | null) => void) | null = null;
  #closed = false;
  #leaveOnEnter = false;

  /** @param elsewhere Takes a line that is not for who asks for the next one. */
  constructor(readline: Interface, elsewhere: (line: string) => boolean) {
    readline.on('line', (line) => {
      if (!elsewhere(line)) this.#push(this.#leaveOnEnter && line === '' ? '\x02' : line);
    });
    readline.on('close', () => this.close());
  }

  /** The next line; null when there are no more. */
  next(): Promise<string | null> {
    const line = this.#waiting.shift();
    if (line !== undefined) return Promise.resolve(line);
    if (this.#closed) return Promise.resolve(null);
    return new Promise((resolve) => {
      this.#reader = resolve;
    });
  }

  /** A line from elsewhere, as if it had been typed. */
  add(line: string): void {
    this.#push(line);
  }

  /** A line that came before it was asked for, if any. */
  get early(): string | undefined {
    return this.#waiting[0];
  }

  setLeaveOnEnter(leave: boolean): void {
    // ENTER itself is a key press too, after which the line comes: it leaves the mark as it is.
    this.#leaveOnEnter = leave;
  }

  close(): void {
    this.#closed = true;
    this.#reader?.(null);
    this.#reader = null;
  }

  #push(line: string): void {
    const reader = this.#reader;
    this.#reader = null;
    if (reader) reader(line);
    else this.#waiting.push(line);
  }
}
