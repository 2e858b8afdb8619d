import { createStore } from '../lib/store.ts';

const QUIET_MS = 500;
const LINES = 6;
const CHARS = 500;

/**
 * What a screen reader hears of the output: the last lines once it has gone quiet, never a flood. The lines
 * themselves can be read in the document.
 */
export class Announcer {
  readonly spoken = createStore('');
  #last: string[] = [];
  #count = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  add(lines: readonly string[]): void {
    if (lines.length === 0) return;
    this.#count += lines.length;
    this.#last = [...this.#last, ...lines.slice(-LINES)].slice(-LINES);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#speak(), QUIET_MS);
  }

  #speak(): void {
    const text = this.#last.join('\n').slice(-CHARS);
    const before = this.#count - this.#last.length;
    this.spoken.set(before > 0 ? `${before.toLocaleString('en-US')} lines, then:\n${text}` : text);
    this.#last = [];
    this.#count = 0;
  }
}
