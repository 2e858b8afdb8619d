import { connectionErrors } from '../errors/connection-errors.ts';

/** Wrong passwords that an address may send before it has to wait. */
const FREE_FAILURES = 3;
const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 60_000;
/** An address that failed is forgotten after so long without another failure. */
const FORGET_MS = 10 * 60_000;
/** Addresses remembered; the one that failed longest ago goes first. */
const MAX_ADDRESSES = 4096;

interface Record {
  failures: number;
  inFlight: number;
  lastFailure: number;
  notBefore: number;
}

/**
 * Slows down who guesses passwords: past a few failures an address waits, twice as long each time, and may have one
 * attempt under way. One object for all listeners of a program.
 */
export class AttemptLimiter {
  readonly #now: () => number;
  readonly #records = new Map<string, Record>();

  /** @param now Milliseconds on a clock that never goes back. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /**
   * An attempt begins; call the result once with how it ended.
   * @throws HawserError `TOO_MANY_ATTEMPTS`
   */
  begin(address: string): (ended: 'right' | 'wrong' | 'neither') => void {
    const now = this.#now();
    const record = this.#recent(address, now);
    if (record.failures >= FREE_FAILURES) {
      const wait = Math.max(record.notBefore - now, record.inFlight > 0 ? FIRST_DELAY_MS : 0);
      if (wait > 0) throw connectionErrors.tooManyAttempts(wait);
    }
    record.inFlight++;
    return (ended) => {
      record.inFlight--;
      if (ended === 'wrong') this.#failed(address, record);
    };
  }

  #recent(address: string, now: number): Record {
    const known = this.#records.get(address);
    if (known && (now - known.lastFailure < FORGET_MS || known.inFlight > 0)) return known;
    return { failures: 0, inFlight: 0, lastFailure: now, notBefore: now };
  }

  #failed(address: string, record: Record): void {
    record.failures++;
    record.lastFailure = this.#now();
    const doublings = record.failures - FREE_FAILURES;
    if (doublings >= 0)
      record.notBefore = record.lastFailure + Math.min(FIRST_DELAY_MS * 2 ** doublings, LONGEST_DELAY_MS);
    // Back to the end: a Map keeps the order of insertion.
    this.#records.delete(address);
    this.#records.set(address, record);
    const [oldest] = this.#records.keys();
    if (this.#records.size > MAX_ADDRESSES && oldest !== undefined) this.#records.delete(oldest);
  }
}
