/** Little-endian words out of bytes. Beyond the end they are zero, so that what was cut short reads as nothing. */
export class Bytes {
  readonly data: Uint8Array;
  readonly #view: DataView;

  constructor(data: Uint8Array) {
    this.data = data;
    this.#view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  }

  get length(): number {
    return this.data.length;
  }

  u8(at: number): number {
    return this.data[at] ?? 0;
  }

  u16(at: number): number {
    return this.#has(at, 2) ? this.#view.getUint16(at, true) : 0;
  }

  s16(at: number): number {
    return this.#has(at, 2) ? this.#view.getInt16(at, true) : 0;
  }

  u32(at: number): number {
    return this.#has(at, 4) ? this.#view.getUint32(at, true) : 0;
  }

  s32(at: number): number {
    return this.#has(at, 4) ? this.#view.getInt32(at, true) : 0;
  }

  u64(at: number): bigint {
    return this.#has(at, 8) ? this.#view.getBigUint64(at, true) : 0n;
  }

  /** Text up to a zero byte, or to the end. */
  text(at: number, most = 4096): string {
    const end = Math.min(this.length, at + most);
    const zero = this.data.subarray(at, end).indexOf(0);
    return latin1(this.data.subarray(at, zero < 0 ? end : at + zero));
  }

  #has(at: number, size: number): boolean {
    return at >= 0 && at + size <= this.length;
  }
}

export const latin1 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');

export const alignUp = (value: number, to: number): number => Math.ceil(value / to) * to;
