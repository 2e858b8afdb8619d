/** What small pieces are gathered in, bytes. */
const BLOCK = 16 * 1024;

interface Block {
  /** Its first byte's place in the whole stream. */
  readonly start: number;
  readonly bytes: Buffer;
  used: number;
}

/**
 * Part of a stream of bytes, kept by places counted from the stream's beginning. It copies what it is given, so that
 * a thousand small pieces cost no more memory than one large one.
 */
export class ByteQueue {
  readonly #blocks: Block[] = [];
  #start = 0;
  #end = 0;

  /** Place of the first byte that is kept. */
  get start(): number {
    return this.#start;
  }

  /** Place after the last. */
  get end(): number {
    return this.#end;
  }

  get length(): number {
    return this.#end - this.#start;
  }

  append(bytes: Uint8Array): void {
    const tail = this.#blocks.at(-1);
    const room = tail ? Math.min(tail.bytes.length - tail.used, bytes.length) : 0;
    if (tail && room > 0) this.#fill(tail, bytes.subarray(0, room));
    if (room === bytes.length) return;
    const rest = bytes.subarray(room);
    const block = { start: this.#end, bytes: Buffer.allocUnsafe(Math.max(rest.length, BLOCK)), used: 0 };
    this.#blocks.push(block);
    this.#fill(block, rest);
  }

  /** Bytes from a place on, at least one where there is one, at most `most`. Not copied; they never change. */
  at(place: number, most: number): Buffer {
    for (let index = this.#blocks.length - 1; index >= 0; index--) {
      const block = this.#blocks[index] as Block;
      if (block.start > place) continue;
      const from = place - block.start;
      return block.bytes.subarray(from, Math.min(block.used, from + most));
    }
    return Buffer.alloc(0);
  }

  /** Forgets what is before a place. */
  release(place: number): void {
    this.#start = Math.min(Math.max(this.#start, place), this.#end);
    for (let first = this.#blocks[0]; first; first = this.#blocks[0]) {
      if (first.start + first.used > this.#start) return;
      // The last one goes on to be filled.
      if (this.#blocks.length === 1 && first.used < first.bytes.length) return;
      this.#blocks.shift();
    }
  }

  #fill(block: Block, bytes: Uint8Array): void {
    block.bytes.set(bytes, block.used);
    block.used += bytes.length;
    this.#end += bytes.length;
  }
}
