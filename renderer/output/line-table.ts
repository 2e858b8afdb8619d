const MIN_CAPACITY = 4096;

/** One byte for each line of the document: its kind. Grows at the end, is cut at the front. */
export class LineTable {
  #bytes = new Uint8Array(MIN_CAPACITY);
  #start = 0;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** `line` counts from 0. */
  at(line: number): number {
    return this.#bytes[this.#start + line] ?? 0;
  }

  set(line: number, code: number): void {
    if (line >= 0 && line < this.#length) this.#bytes[this.#start + line] = code;
  }

  append(codes: ArrayLike<number>): void {
    this.#makeRoom(codes.length);
    this.#bytes.set(codes, this.#start + this.#length);
    this.#length += codes.length;
  }

  dropFront(count: number): void {
    const dropped = Math.min(count, this.#length);
    this.#start += dropped;
    this.#length -= dropped;
  }

  clear(): void {
    this.#bytes = new Uint8Array(MIN_CAPACITY);
    this.#start = 0;
    this.#length = 0;
  }

  #makeRoom(count: number): void {
    const needed = this.#length + count;
    if (this.#start + needed <= this.#bytes.length) return;
    const live = this.#bytes.subarray(this.#start, this.#start + this.#length);
    // Moved down within the same memory where that leaves it half empty, else into twice as much.
    if (needed * 2 <= this.#bytes.length) {
      this.#bytes.copyWithin(0, this.#start, this.#start + this.#length);
    } else {
      const larger = new Uint8Array(Math.max(MIN_CAPACITY, needed * 2));
      larger.set(live);
      this.#bytes = larger;
    }
    this.#start = 0;
  }
}
