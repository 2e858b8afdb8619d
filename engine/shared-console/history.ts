/** Most that is kept, characters; lines beyond 100,000 are cut too. */
const MOST_TEXT = 16 << 20;
const MOST_LINES = 100_000;

/** The last lines of a console, for those who join late. The line being written counts. */
export class History {
  #lines: string[] = [];
  #size = 0;
  #open = '';

  add(text: string): void {
    const parts = (this.#open + text).split('\n');
    this.#open = parts.pop() ?? '';
    // A line without end is no reason to grow without end.
    if (this.#open.length > MOST_TEXT / 16) this.#open = this.#open.slice(-MOST_TEXT / 16);
    for (const line of parts) {
      this.#lines.push(line);
      this.#size += line.length + 1;
    }
    if (this.#size > MOST_TEXT || this.#lines.length > MOST_LINES) this.#drop();
  }

  /** The line being written: a prompt, as a rule. */
  get open(): string {
    return this.#open;
  }

  /** The last `count` lines, and the line being written. */
  last(count: number): string {
    const lines = count === 0 ? [] : this.#lines.slice(-count);
    return lines.map((line) => `${line}\n`).join('') + this.#open;
  }

  /** A tenth at once, so that it is not done for every line. */
  #drop(): void {
    let gone = 0;
    const size = MOST_TEXT * 0.9;
    const lines = MOST_LINES * 0.9;
    while (this.#size > size || this.#lines.length - gone > lines) {
      this.#size -= (this.#lines[gone] ?? '').length + 1;
      gone++;
    }
    this.#lines = this.#lines.slice(gone);
  }
}
