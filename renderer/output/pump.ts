import { TextCleaner } from './clean-text.ts';
import type { Piece } from './event-lines.ts';
import { type Assembler, type Batch, LineAssembler } from './line-assembler.ts';
import { codeOf, type LineKind } from './line-kinds.ts';

/** Time that appending may take of a frame; the rest is for layout, paint and input. */
const FRAME_WORK_MS = 8;
const LONG_FRAME_MS = 30;
const MIN_BATCH = 250;
const MAX_BATCH = 10_000;

export interface PumpTarget {
  append(batch: Batch): void;
  /** Nothing waits any more. */
  idle(): void;
}

/** Injected, so that tests need no frames. */
export interface FrameClock {
  now(): number;
  /** Calls back once, at the next frame. */
  frame(callback: () => void): void;
}

export interface Item {
  /** Null: nothing to show, but its turn to be acknowledged comes after what was before it. */
  readonly piece: Piece | null;
  /** Called when it is in the document; null: a line of this window's own, not one of the session's. */
  readonly taken: (() => void) | null;
}

/** Brings pieces into the document, a frame's worth at a time; learns how much that is. */
export class Pump {
  readonly #target: PumpTarget;
  readonly #clock: FrameClock;
  readonly #assembler: Assembler;
  readonly #terminal: boolean;
  /** One for each kind: what is cut in two goes on in the next text of its kind. */
  readonly #cleaners = new Map<LineKind, TextCleaner>();
  #queue: Item[] = [];
  #head = 0;
  /** The text of the item at the head, cleaned, and how much of it has been taken. */
  #text: string | null = null;
  #offset = 0;
  #scheduled = false;
  #batch = 1000;
  #lastFrame = 0;

  /** @param terminal takes text as it is, and knows itself what a terminal would do with it */
  constructor(target: PumpTarget, clock: FrameClock, terminal: Assembler | null = null) {
    this.#assembler = terminal ?? new LineAssembler();
    this.#terminal = terminal !== null;
    this.#target = target;
    this.#clock = clock;
  }

  get pending(): number {
    return this.#queue.length - this.#head;
  }

  push(item: Item): void {
    this.#queue.push(item);
    this.#schedule();
  }

  /** What has not been shown will not be; it counts as taken. */
  clear(): void {
    this.#queue = this.#queue.map(({ taken }) => ({ piece: null, taken }));
    this.#text = null;
    this.#cleaners.clear();
    this.#assembler.flush();
    this.#assembler.endLine();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#clock.frame(() => this.#frame());
  }

  #frame(): void {
    this.#scheduled = false;
    const begin = this.#clock.now();
    const lines = this.#fill();
    if (!this.#assembler.empty) this.#target.append(this.#assembler.flush());
    const spent = this.#clock.now() - begin;
    this.#learn(lines, spent, begin - this.#lastFrame);
    this.#lastFrame = begin;
    this.#settle();
  }

  #fill(): number {
    while (this.#head < this.#queue.length && this.#assembler.lines < this.#batch) {
      const item = this.#queue[this.#head];
      if (item?.piece && !this.#takePiece(item.piece)) break;
      this.#head++;
    }
    return this.#assembler.lines;
  }

  /** @returns whether all of it was taken */
  #takePiece(piece: Piece): boolean {
    if (this.#text === null) {
      this.#text = piece.whole ? `${piece.text}\n` : this.#clean(piece);
      this.#offset = 0;
      if (piece.whole) this.#assembler.endLine();
    }
    this.#offset = this.#assembler.take(
      codeOf(piece.kind),
      this.#text,
      this.#offset,
      this.#batch,
      // Offsets are those of the text as it came.
      this.#text === piece.text ? piece.links : undefined,
    );
    if (this.#offset < this.#text.length) return false;
    this.#text = null;
    return true;
  }

  #clean({ kind, text }: Piece): string {
    if (this.#terminal) return text;
    let cleaner = this.#cleaners.get(kind);
    if (!cleaner) {
      cleaner = new TextCleaner();
      this.#cleaners.set(kind, cleaner);
    }
    return cleaner.clean(text);
  }

  #learn(lines: number, spent: number, sinceLast: number): void {
    if (lines < this.#batch / 2) return;
    let factor = Math.min(1.5, Math.max(0.5, FRAME_WORK_MS / Math.max(spent, 0.5)));
    if (sinceLast > LONG_FRAME_MS && sinceLast < 1000) factor = Math.min(factor, 0.8);
    this.#batch = Math.round(Math.min(MAX_BATCH, Math.max(MIN_BATCH, this.#batch * factor)));
  }

  #settle(): void {
    for (const { taken } of this.#queue.slice(0, this.#head)) taken?.();
    this.#queue = this.#queue.slice(this.#head);
    this.#head = 0;
    if (this.#queue.length > 0) this.#schedule();
    else this.#target.idle();
  }
}
