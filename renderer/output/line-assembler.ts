import type { PieceLink } from './event-lines.ts';

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
  /** Links, by the part that holds them. */
  readonly links?: readonly BatchLink[];
}

export interface BatchLink extends PieceLink {
  /** Index in `parts`; start and end are offsets from where the batch begins in the first, in the others within them. */
  readonly part: number;
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
  take(code: number, text: string, from: number, maxLines: number, links?: readonly PieceLink[]): number;
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
  #links: BatchLink[] = [];

  get lines(): number {
    return this.#codes.length;
  }

  get empty(): boolean {
    return this.#codes.length === 0 && this.#parts[0] === '';
  }

  take(code: number, text: string, from: number, maxLines: number, links: readonly PieceLink[] = []): number {
    let at = from;
    let next = links.findIndex(({ start }) => start >= from);
    while (at < text.length && this.#codes.length < maxLines) {
      const newline = text.indexOf('\n', at);
      const end = newline < 0 ? text.length : newline;
      const stop = Math.min(end, at + this.#room(code));
      const place = this.#put(code, text.slice(at, stop));
      for (let link = links[next]; next >= 0 && link && link.start < stop; link = links[++next]) {
        const offset = place.offset - at;
        const end = Math.min(link.end, stop) + offset;
        this.#links.push({ ...link, part: place.part, start: link.start + offset, end });
      }
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
    const links = this.#links;
    const batch = { parts: this.#parts, codes: this.#codes, ...(links.length > 0 ? { links } : {}) };
    this.#links = [];
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

  /** Where in the batch it stands now. */
  #put(code: number, piece: string): { readonly part: number; readonly offset: number } {
    let offset = 0;
    if (this.#continues(code)) {
      const last = this.#parts.length - 1;
      offset = this.#parts[last]?.length ?? 0;
      this.#parts[last] = `${this.#parts[last] ?? ''}${piece}`;
      this.#lastLength += piece.length;
    } else {
      this.#parts.push(piece);
      this.#codes.push(code);
      this.#lastCode = code;
      this.#lastLength = piece.length;
    }
    this.#open = true;
    return { part: this.#parts.length - 1, offset };
  }
}
