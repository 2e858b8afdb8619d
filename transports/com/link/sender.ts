import { type Head, Kind } from '../wire/frame.ts';
import { type Acknowledgement, sequencedFrame } from '../wire/messages.ts';
import { ByteQueue } from './byte-queue.ts';
import type { LineShape } from './rate.ts';
import { Timeout } from './timeout.ts';

const MOST_AHEAD = 1024;

interface Sent {
  readonly sequence: number;
  readonly frame: Buffer;
  /** Data bytes in it. */
  readonly bytes: number;
  /** Counts transmissions of all frames; of this one's latest. */
  turn: number;
  /** Of the latest transmission, ms. */
  at: number;
  times: number;
  lost: boolean;
}

/**
 * The sending half of a connection: cuts bytes into numbered frames, keeps each until it is acknowledged, and repeats
 * what was lost. A serial line never overtakes itself, so a frame is known to be lost as soon as one sent after it has
 * come; waiting for a time is needed only when nothing more follows.
 */
export class Sender {
  readonly #head: Head;
  readonly #shape: LineShape;
  readonly #now: () => number;
  readonly #timeout: Timeout;
  readonly #queue = new ByteQueue();
  /** Sent and not acknowledged, by number, in order. */
  readonly #sent = new Map<number, Sent>();
  #lost: Sent[] = [];
  #next = 0;
  #limit = 0;
  #base = 0;
  #turn = 0;
  #ending = false;
  #endSent = false;
  /** When to repeat, by `now`; Infinity for never. */
  #deadline = Number.POSITIVE_INFINITY;

  constructor(head: Omit<Head, 'kind'>, shape: LineShape, now: () => number) {
    this.#head = { ...head, kind: Kind.data };
    this.#shape = shape;
    this.#now = now;
    this.#timeout = new Timeout(shape);
  }

  /** The first number that the other end has not acknowledged. */
  get base(): number {
    return this.#base;
  }

  /** Bytes taken and not sent yet. */
  get queued(): number {
    return this.#queue.length;
  }

  /** Everything, the end included, has come to the other end. */
  get done(): boolean {
    return this.#endSent && this.#sent.size === 0;
  }

  get deadline(): number {
    return this.#deadline;
  }

  /** Something is to be sent, and the other end has no room for it: it must be asked. */
  get blocked(): boolean {
    return this.#sent.size === 0 && this.#hasNew && this.#next >= this.#limit;
  }

  get #hasNew(): boolean {
    return this.#queue.length > 0 || (this.#ending && !this.#endSent);
  }

  get ready(): boolean {
    return this.#lost.length > 0 || (this.#hasNew && this.#next < this.#limit);
  }

  write(chunk: Buffer): void {
    this.#queue.push(chunk);
  }

  end(): void {
    this.#ending = true;
  }

  /** The other end takes frames before this number; more ahead than numbers can tell apart is not believed. */
  allow(limit: number): void {
    this.#limit = Math.max(this.#limit, Math.min(limit, this.#base + MOST_AHEAD));
  }

  /** The next frame for the line, or null. */
  pull(): Buffer | null {
    for (let again = this.#lost.shift(); again; again = this.#lost.shift())
      if (this.#sent.has(again.sequence)) return this.#send(again);
    if (!this.#hasNew || this.#next >= this.#limit) return null;
    const payload = this.#queue.take(this.#shape.payload);
    const sequence = this.#next++;
    if (payload.length === 0) this.#endSent = true;
    const head = payload.length === 0 ? { ...this.#head, kind: Kind.end } : this.#head;
    const frame = sequencedFrame(head, sequence, payload);
    const sent = { sequence, frame, bytes: payload.length, turn: 0, at: 0, times: 0, lost: false };
    this.#sent.set(sequence, sent);
    return this.#send(sent);
  }

  acknowledged({ next, limit, has, told }: Acknowledgement): void {
    if (next > this.#next || next < this.#base) return;
    this.allow(limit);
    this.#timeout.heard();
    let latest = -1;
    const take = (sent: Sent) => {
      this.#sent.delete(sent.sequence);
      if (sent.times === 1 && sent.turn > latest) this.#measure(sent);
      latest = Math.max(latest, sent.turn);
    };
    for (; this.#base < next; this.#base++) {
      const sent = this.#sent.get(this.#base);
      if (sent) take(sent);
    }
    for (let n = 0; n < told; n++) {
      const sent = has(n) ? this.#sent.get(next + 1 + n) : undefined;
      if (sent) take(sent);
    }
    if (latest < 0) return;
    for (const sent of this.#sent.values())
      if (sent.turn < latest && !sent.lost) {
        sent.lost = true;
        this.#lost.push(sent);
      }
    this.#deadline = this.#sent.size === 0 ? Number.POSITIVE_INFINITY : this.#now() + this.#timeout.ms;
  }

  /** The deadline has passed. One frame is enough: its acknowledgement tells about all others. */
  expired(): void {
    this.#timeout.expired();
    const [first] = this.#sent.values();
    if (first && !first.lost) {
      first.lost = true;
      this.#lost.push(first);
    }
    this.#deadline = this.#sent.size === 0 ? Number.POSITIVE_INFINITY : this.#now() + this.#timeout.ms;
  }

  /** The line is there again: what waits is not to wait for a timeout that grew meanwhile. */
  hurry(): void {
    this.#timeout.heard();
    if (this.#sent.size > 0) this.#deadline = this.#now();
  }

  /** Milliseconds after which an unanswered question may be put again. */
  get patienceMs(): number {
    return this.#timeout.ms;
  }

  #measure(sent: Sent): void {
    this.#timeout.measured(this.#now() - sent.at);
  }

  #send(sent: Sent): Buffer {
    sent.turn = this.#turn++;
    sent.at = this.#now();
    sent.times++;
    sent.lost = false;
    this.#deadline = sent.at + this.#timeout.ms;
    return sent.frame;
  }
}
