/** Bytes in the order they came, taken off in pieces of another size, without copying what needs none. */
export class ByteQueue {
  #chunks: Buffer[] = [];
  #first = 0;
  #offset = 0;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(chunk: Buffer): void {
    if (chunk.length === 0) return;
    this.#chunks.push(chunk);
    this.#length += chunk.length;
  }

  /** At most `most` bytes. */
  take(most: number): Buffer {
    const size = Math.min(most, this.#length);
    const parts: Buffer[] = [];
    for (let left = size; left > 0; ) {
      const chunk = this.#chunks[this.#first] as Buffer;
      const part = chunk.subarray(this.#offset, this.#offset + left);
      parts.push(part);
      left -= part.length;
      this.#offset += part.length;
      if (this.#offset === chunk.length) this.#next();
    }
    this.#length -= size;
    return parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
  }

  #next(): void {
    this.#first++;
    this.#offset = 0;
    // Now and then, so that taking stays cheap.
    if (this.#first < 64 && this.#first < this.#chunks.length) return;
    this.#chunks.splice(0, this.#first);
    this.#first = 0;
  }
}
