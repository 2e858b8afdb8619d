import type { KernelMemory } from '../memory.ts';

/** A little-endian machine's memory, made piece by piece; between the pieces there is nothing. */
export class MadeMemory implements KernelMemory {
  readonly #pieces: { readonly at: bigint; readonly bytes: Buffer }[] = [];
  /** How often it was read. */
  reads = 0;
  readonly physical = (address: bigint, length: number) => this.read(address, length);

  /** Room of zeros, which is then written to by {@link word} and its like. */
  room(at: bigint, size: number): this {
    this.#pieces.push({ at, bytes: Buffer.alloc(size) });
    return this;
  }

  put(at: bigint, bytes: Uint8Array): this {
    this.#pieces.push({ at, bytes: Buffer.from(bytes) });
    return this;
  }

  write(at: bigint, bytes: Uint8Array): this {
    const piece = this.#holding(at, bytes.length);
    if (!piece) throw new Error(`no room at ${at.toString(16)}`);
    piece.bytes.set(bytes, Number(at - piece.at));
    return this;
  }

  word(at: bigint, value: bigint): this {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(BigInt.asUintN(64, value));
    return this.write(at, bytes);
  }

  half(at: bigint, value: number): this {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(value >>> 0);
    return this.write(at, bytes);
  }

  text(at: bigint, value: string): this {
    return this.write(at, Buffer.from(`${value}\0`, 'latin1'));
  }

  async read(at: bigint, length: number): Promise<Uint8Array | null> {
    this.reads++;
    const piece = this.#holding(at, length);
    return piece ? piece.bytes.subarray(Number(at - piece.at), Number(at - piece.at) + length) : null;
  }

  #holding(at: bigint, length: number) {
    return this.#pieces.find(
      (piece) => at >= piece.at && at + BigInt(length) <= piece.at + BigInt(piece.bytes.length),
    );
  }
}
