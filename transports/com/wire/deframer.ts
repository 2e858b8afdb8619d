import { fromLine, MAX_STUFFED } from './frame.ts';

/** Cuts what a line brings into frames. Whatever comes, it holds at most one frame's bytes. */
export class Deframer {
  readonly #take: (frame: Buffer) => void;
  #held: Buffer[] = [];
  #heldBytes = 0;
  /** Too long for a frame: dropped up to the next zero. */
  #skipping = false;
  #garbage = 0;
  #frames = 0;

  constructor(take: (frame: Buffer) => void) {
    this.#take = take;
  }

  /** Bytes that belong to no sound frame, from the beginning; those of a frame that is under way for the moment too. */
  get garbage(): number {
    return this.#garbage + this.#heldBytes;
  }

  /** Sound frames, from the beginning. */
  get frames(): number {
    return this.#frames;
  }

  push(chunk: Buffer): void {
    let from = 0;
    for (;;) {
      const zero = chunk.indexOf(0, from);
      if (zero < 0) break;
      this.#piece(chunk.subarray(from, zero));
      from = zero + 1;
    }
    this.#hold(chunk.subarray(from));
  }

  /** The line was opened anew: what came before it belongs to nothing. */
  reset(): void {
    this.#held = [];
    this.#heldBytes = 0;
    this.#skipping = false;
  }

  #piece(last: Buffer): void {
    const whole = this.#heldBytes === 0 ? last : Buffer.concat([...this.#held, last]);
    const skipped = this.#skipping;
    this.reset();
    // Zeros in a row separate nothing.
    if (skipped) this.#garbage += last.length;
    if (skipped || whole.length === 0) return;
    const frame = fromLine(whole);
    if (frame) {
      this.#frames++;
      this.#take(frame);
    } else this.#garbage += whole.length;
  }

  #hold(rest: Buffer): void {
    if (rest.length === 0) return;
    if (this.#skipping) {
      this.#garbage += rest.length;
      return;
    }
    if (this.#heldBytes + rest.length > MAX_STUFFED) {
      this.#garbage += this.#heldBytes + rest.length;
      this.reset();
      this.#skipping = true;
      return;
    }
    this.#held.push(rest);
    this.#heldBytes += rest.length;
  }
}
