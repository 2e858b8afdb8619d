import { type Head, Kind } from '../wire/frame.ts';
import { ackFrame } from '../wire/messages.ts';
import type { LineShape } from './rate.ts';

/** Frames that one acknowledgement is for, as long as they come in order. */
const ACK_EVERY = 4;

/** The receiving half of a connection: puts frames in order, once each, and says what has come and what has room. */
export class Receiver {
  readonly #head: Head;
  readonly #shape: LineShape;
  readonly #now: () => number;
  /** The first number that has not come. */
  #next = 0;
  /** Beyond it. */
  readonly #early = new Map<number, Buffer | null>();
  /** In order, for the reader. Null: the end. */
  readonly #ready: (Buffer | null)[] = [];
  #toldLimit: number;
  #untold = 0;
  #ackNow = false;
  /** When to acknowledge at the latest, by `now`. */
  #deadline = Number.POSITIVE_INFINITY;

  constructor(head: Omit<Head, 'kind'>, shape: LineShape, now: () => number) {
    this.#head = { ...head, kind: Kind.ack };
    this.#shape = shape;
    this.#now = now;
    this.#toldLimit = shape.window;
  }

  get next(): number {
    return this.#next;
  }

  get deadline(): number {
    return this.#deadline;
  }

  get ackDue(): boolean {
    return this.#ackNow;
  }

  /** Takes a frame of the stream; null for its end. */
  take(sequence: number, payload: Buffer | null): void {
    // More than was allowed, or come already: its acknowledgement was lost.
    if (sequence >= this.#toldLimit || sequence < this.#next || this.#early.has(sequence)) {
      this.#ackNow = true;
      return;
    }
    if (sequence > this.#next) {
      this.#early.set(sequence, payload);
      this.#ackNow = true;
      return;
    }
    this.#ready.push(payload);
    this.#next++;
    // A hole is filled: the sender may have stopped for it.
    if (this.#early.size > 0) this.#ackNow = true;
    for (let early = this.#early.get(this.#next); early !== undefined; early = this.#early.get(this.#next)) {
      this.#early.delete(this.#next++);
      this.#ready.push(early);
    }
    if (++this.#untold >= ACK_EVERY || payload === null) this.#ackNow = true;
    else this.#deadline = Math.min(this.#deadline, this.#now() + this.#shape.ackMs);
  }

  /** The other end asks. */
  asked(): void {
    this.#ackNow = true;
  }

  expired(): void {
    this.#deadline = Number.POSITIVE_INFINITY;
    if (this.#untold > 0) this.#ackNow = true;
  }

  /** The next piece for the reader, null for the end; undefined when there is none. */
  read(): Buffer | null | undefined {
    const piece = this.#ready.shift();
    // Told when it is worth a frame: half the window has become free.
    if (piece !== undefined && this.#limit - this.#toldLimit >= this.#shape.window / 2) this.#ackNow = true;
    return piece;
  }

  /** An acknowledgement with the latest of everything. */
  ack(): Buffer {
    this.#ackNow = false;
    this.#untold = 0;
    this.#deadline = Number.POSITIVE_INFINITY;
    this.#toldLimit = Math.max(this.#toldLimit, this.#limit);
    return ackFrame(this.#head, this.#next, this.#toldLimit, this.#early.keys());
  }

  /** Frames that are held for the reader use up the window. */
  get #limit(): number {
    return this.#next - this.#ready.length + this.#shape.window;
  }
}
