/** Milliseconds, many of them, in little memory. */
export class Delays {
  readonly #counts = new Float64Array(1 << 16);
  count = 0;
  most = 0;

  add(milliseconds: number): void {
    const whole = Math.max(0, Math.round(milliseconds));
    const index = Math.min(whole, this.#counts.length - 1);
    this.#counts[index] = (this.#counts[index] ?? 0) + 1;
    this.count++;
    this.most = Math.max(this.most, whole);
  }

  /** The value below which so many of a hundred lie; NaN where there are none. */
  percentile(part: number): number {
    let left = (this.count * part) / 100;
    if (this.count === 0) return Number.NaN;
    for (const [value, count] of this.#counts.entries()) {
      left -= count;
      if (left <= 0) return value;
    }
    return this.most;
  }

  get text(): string {
    return `${this.percentile(50)} ms median, ${this.percentile(99)} ms at the 99th percentile, ${this.most} ms at most`;
  }
}
