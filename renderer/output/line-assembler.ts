/** A longer line is broken: no editor stays quick with a line of megabytes. */
export const MAX_LINE = 64 * 1024;

/** What goes to the end of the document at once. */
export interface Batch {
  /** Continues the last line that is there; the others begin new ones. */
  readonly parts: string[];
  /** Kinds of the new lines: one fewer than `parts`. */
  readonly codes: number[];
  /** Characters that go from the end of the last line before that. */
  readonly erase?: number;
}

/** Makes lines of text that comes in pieces. */
export interface Assembler {
  /** New lines in the batch so far. */
  readonly lines: number;
  readonly empty: boolean;
  /**
   * Takes `text` from `from` on until the batch has `maxLines` lines.
   * @returns where it stopped: the text's length when all was taken
   */
  take(code: number, text: string, from: number, maxLines: number): number;
  /** Ends a line that is still open: what comes next stands on its own. */
  endLine(): void;
  flush(): Batch;
}

/**
 * Makes lines of pieces of text that end anywhere. A piece of another kind begins a line of its own, so that
 * the target's output and the debugger's never share one.
 */
export class LineAssembler implements Assembler {
  #parts: string[] = [''];
  #codes: number[] = [];
  /** The last line has had no line end yet. */
  #open = false;
  #lastCode = 0;
  #lastLength = 0;

  get lines(): number {
    return this.#codes.length;
  }

  get empty(): boolean {
    return this.#codes.length === 0 && this.#parts[0] === '';
  }

  take(code: number, text: string, from: number, maxLines: number): number {
    let at = from;
    while (at < text.length && this.#codes.length < maxLines) {
      const newline = text.indexOf('\n', at);
      const end = newline < 0 ? text.length : newline;
      const stop = Math.min(end, at + this.#room(code));
      this.#put(code, text.slice(at, stop));
      at = stop;
      if (stop < end) this.#open = false;
      else if (newline >= 0) {
        this.#open = false;
        at = newline + 1;
      }
    }
    return at;
  }

  /** Ends a line that is still open: what comes next stands on its own. */
  endLine(): void {
    this.#open = false;
  }

  flush(): Batch {
    const batch = { parts: this.#parts, codes: this.#codes };
    this.#parts = [''];
    this.#codes = [];
    return batch;
  }

  #continues(code: number): boolean {
    return this.#open && code === this.#lastCode && this.#lastLength < MAX_LINE;
  }

  #room(code: number): number {
    return this.#continues(code) ? MAX_LINE - this.#lastLength : MAX_LINE;
  }

  #put(code: number, piece: string): void {
    if (this.#continues(code)) {
      const last = this.#parts.length - 1;
      this.#parts[last] = `${this.#parts[last] ?? ''}${piece}`;
      this.#lastLength += piece.length;
    } else {
      this.#parts.push(piece);
      this.#codes.push(code);
      this.#lastCode = code;
      this.#lastLength = piece.length;
    }
    this.#open = true;
  }
}
