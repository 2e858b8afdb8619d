import type { LineShape } from './rate.ts';

/** Before anything was measured: time enough for a machine that is busy. */
const FIRST_MS = 500;
const LEAST_MS = 60;
const MOST_MS = 4_000;

/**
 * When to ask again, from the round trips seen (as RFC 6298): a wire of 9,600 baud and a pseudo-terminal differ by
 * four orders of magnitude.
 */
export class Timeout {
  readonly #shape: LineShape;
  #smoothed: number | null = null;
  #deviation = 0;
  #backoff = 1;

  constructor(shape: LineShape) {
    this.#shape = shape;
  }

  /** Milliseconds from sending to sending again. */
  get ms(): number {
    // The answer may stand behind a frame of the other direction, and the other end waits a little before it answers.
    const slack = LEAST_MS + this.#shape.frameMs + this.#shape.ackMs;
    const base =
      this.#smoothed === null ? FIRST_MS + slack : this.#smoothed + Math.max(4 * this.#deviation, slack);
    return Math.min(base * this.#backoff, Math.max(MOST_MS, 2 * base));
  }

  measured(ms: number): void {
    this.#backoff = 1;
    if (this.#smoothed === null) {
      this.#smoothed = ms;
      this.#deviation = ms / 2;
      return;
    }
    this.#deviation += (Math.abs(ms - this.#smoothed) - this.#deviation) / 4;
    this.#smoothed += (ms - this.#smoothed) / 8;
  }

  expired(): void {
    this.#backoff = Math.min(this.#backoff * 2, 64);
  }

  /** Something came: the line works. */
  heard(): void {
    this.#backoff = 1;
  }
}
