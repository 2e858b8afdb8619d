const KEPT = 1000;

/** Commands typed before, newest last, and where in them the user stands. */
export class History {
  #entries: string[] = [];
  /** Counted from the end; 0 is what is being typed. */
  #back = 0;
  #draft = '';

  load(entries: readonly string[]): void {
    this.#entries = [...entries, ...this.#entries].slice(-KEPT);
  }

  /** @returns whether it is worth keeping: not empty, and not the one before again */
  add(command: string): boolean {
    this.#back = 0;
    this.#draft = '';
    if (command.trim() === '' || command === this.#entries.at(-1)) return false;
    this.#entries.push(command);
    if (this.#entries.length > KEPT) this.#entries.shift();
    return true;
  }

  /** The one before; null when there is none. What is being typed is kept for the way back. */
  up(typed: string): string | null {
    if (this.#back >= this.#entries.length) return null;
    if (this.#back === 0) this.#draft = typed;
    this.#back++;
    return this.#entries.at(-this.#back) ?? null;
  }

  down(): string | null {
    if (this.#back === 0) return null;
    this.#back--;
    return this.#back === 0 ? this.#draft : (this.#entries.at(-this.#back) ?? null);
  }

  /** The user has changed the text: it is a draft again. */
  edited(): void {
    this.#back = 0;
  }
}
