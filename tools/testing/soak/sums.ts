import { createHash } from 'node:crypto';
import type { NumberedEvent } from '../../../engine/protocol/session.ts';

const MODULUS = 2 ** 48;

/** 48 bits of an event, with its number and time. */
function digest(event: NumberedEvent): number {
  return createHash('sha1').update(JSON.stringify(event)).digest().readUIntBE(0, 6);
}

/**
 * What one client got: a sum over the hashes of its events, without a gap from the first to the last. Two clients
 * that got the same bytes have the same sum, wherever they joined.
 */
export class Sums {
  /** Number of the event before the first. */
  readonly after: number;
  last: number;
  sum = 0;
  /** The first thing that was not in its place. */
  fault: string | null = null;

  constructor(after: number) {
    this.after = after;
    this.last = after;
  }

  take(event: NumberedEvent): void {
    if (event.seq !== this.last + 1) this.fault ??= `event ${event.seq} came after ${this.last}`;
    if (event.event.type === 'dropped')
      this.fault ??= `events ${event.event.from} to ${event.event.to} were gone`;
    this.last = event.seq;
    this.sum = (this.sum + digest(event)) % MODULUS;
  }
}

/** The sums of somebody who was there all the time: of any range, to compare others with. */
export class Reference extends Sums {
  #upTo = new Float64Array(1 << 16);

  override take(event: NumberedEvent): void {
    super.take(event);
    if (this.last >= this.#upTo.length) {
      const larger = new Float64Array(this.#upTo.length * 2);
      larger.set(this.#upTo);
      this.#upTo = larger;
    }
    this.#upTo[this.last] = this.sum;
  }

  /** What is wrong with another's; null: it got the same. */
  compare(other: Sums): string | null {
    if (other.fault !== null) return other.fault;
    if (other.last > this.last) return `it has event ${other.last}, the reference ends at ${this.last}`;
    const ours = this.#upTo[other.last] ?? Number.NaN;
    const before = this.#upTo[other.after] ?? Number.NaN;
    const expected = (ours - before + MODULUS) % MODULUS;
    return expected === other.sum
      ? null
      : `events ${other.after + 1} to ${other.last} are not those that the reference got`;
  }
}
