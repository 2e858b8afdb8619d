import { createStore } from '../lib/store.ts';

/** Sends commands: a single one at once, of several each when the one before has finished. */
export class Sender {
  /** Lines that have not been sent yet. */
  readonly waiting = createStore<readonly string[]>([]);
  readonly #execute: (command: string) => Promise<boolean>;
  #working = false;

  /** @param execute resolves false when it makes no sense to go on */
  constructor(execute: (command: string) => Promise<boolean>) {
    this.#execute = execute;
  }

  send(lines: readonly string[]): void {
    const [only] = lines;
    if (lines.length === 1 && only !== undefined && !this.#working) {
      // Not waited for: while the target runs, commands queue in the session, where everybody sees them.
      void this.#execute(only);
      return;
    }
    this.waiting.update((now) => [...now, ...lines]);
    if (!this.#working) void this.#work();
  }

  discard(): void {
    this.waiting.set([]);
  }

  async #work(): Promise<void> {
    this.#working = true;
    for (let next = this.#next(); next !== undefined; next = this.#next()) {
      if (!(await this.#execute(next))) this.discard();
    }
    this.#working = false;
  }

  #next(): string | undefined {
    const [next, ...rest] = this.waiting.get();
    this.waiting.set(rest);
    return next;
  }
}

/** The commands in a text of several lines; a single line is one command, empty or not. */
export function commandsOf(text: string): string[] {
  const lines = text.split(/\r\n|\r|\n/);
  if (lines.length === 1) return lines;
  return lines.filter((line) => line.trim() !== '');
}
