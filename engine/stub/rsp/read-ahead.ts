import type { RspPacket } from './packets.ts';

/** Reads in a row that look like a copy of much memory, before any are sent ahead. */
const ROW = 2;
const FIRST = 8;
const MOST = 256;

/**
 * Memory that GDB copies piece by piece (`dump memory`): pieces of the same size, one behind the other, are asked for
 * before GDB does, ever more of them while it goes on. Their answers are passed on as they come.
 */
export class ReadAhead {
  readonly #answers = new Map<string, RspPacket | null>();
  /** Where the next piece would begin, and where the next one to be sent for does. */
  #expected = -1n;
  #sent = -1n;
  #length = 0;
  #row = 0;
  #window = FIRST;

  clear(): void {
    this.#answers.clear();
    this.#expected = -1n;
    this.#row = 0;
    this.#window = FIRST;
  }

  /** The answer to a piece; null: it is on its way; undefined: it was not asked for. */
  get(body: string): RspPacket | null | undefined {
    return this.#answers.get(body);
  }

  drop(body: string): void {
    this.#answers.delete(body);
  }

  put(body: string, packet: RspPacket): void {
    this.#answers.set(body, packet);
  }

  /** Notes a piece that GDB asks for; bodies to ask for now, in order. */
  note(address: string, length: number): string[] {
    const at = BigInt(`0x${address}`);
    const inRow = at === this.#expected && length === this.#length;
    if (!inRow) this.clear();
    this.#row += 1;
    this.#expected = at + BigInt(length);
    this.#length = length;
    if (this.#row < ROW) return [];
    return this.#more(this.#expected, BigInt(length));
  }

  #more(from: bigint, length: bigint): string[] {
    if (this.#row === ROW) this.#sent = from;
    const end = from + length * BigInt(this.#window);
    // In batches of half a window: one packet at a time would be one write each.
    if (this.#sent - from > (end - from) / 2n) return [];
    const bodies: string[] = [];
    for (; this.#sent < end; this.#sent += length) {
      const body = `m${this.#sent.toString(16)},${length.toString(16)}`;
      bodies.push(body);
      this.#answers.set(body, null);
    }
    this.#window = Math.min(this.#window * 2, MOST);
    return bodies;
  }
}
