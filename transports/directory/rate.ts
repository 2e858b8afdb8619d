/** Addresses remembered, unless told otherwise; the one that asked longest ago goes first. */
const MAX_ADDRESSES = 1024;

interface Bucket {
  tokens: number;
  at: number;
}

/** So many requests at once from an address, and so many a second in the long run. */
export class RateLimiter {
  readonly #burst: number;
  readonly #perSecond: number;
  readonly #now: () => number;
  readonly #max: number;
  readonly #buckets = new Map<string, Bucket>();

  /** @param now Milliseconds on a clock that never goes back. */
  constructor(
    burst: number,
    perSecond: number,
    now: () => number = () => performance.now(),
    max = MAX_ADDRESSES,
  ) {
    this.#burst = burst;
    this.#perSecond = perSecond;
    this.#now = now;
    this.#max = max;
  }

  /** Whether one more is allowed, which is counted then. */
  allows(address: string): boolean {
    const now = this.#now();
    const tokens = this.#tokens(address, now);
    const allowed = tokens >= 1;
    // Back to the end: a Map keeps the order of insertion.
    this.#buckets.delete(address);
    this.#buckets.set(address, { tokens: allowed ? tokens - 1 : tokens, at: now });
    const [oldest] = this.#buckets.keys();
    if (this.#buckets.size > this.#max && oldest !== undefined) this.#buckets.delete(oldest);
    return allowed;
  }

  /** Whether one more would be allowed; nothing is counted. */
  wouldAllow(address: string): boolean {
    return this.#tokens(address, this.#now()) >= 1;
  }

  #tokens(address: string, now: number): number {
    const old = this.#buckets.get(address) ?? { tokens: this.#burst, at: now };
    return Math.min(this.#burst, old.tokens + ((now - old.at) / 1000) * this.#perSecond);
  }
}
