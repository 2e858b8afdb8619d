import { littleEndian } from '../memory/read.ts';
import type { DebuggerState } from '../state.ts';

const PIECE = 1n << 20n;
/** Pieces that are kept. */
const KEPT = 64;

/** Words of the target, read a megabyte at a time. */
export class HeapMemory {
  readonly #state: DebuggerState;
  readonly #pieces = new Map<bigint, { readonly bytes: Uint8Array; readonly readable: Uint8Array | null }>();

  constructor(state: DebuggerState) {
    this.#state = state;
  }

  /** Null: it cannot be read. */
  async word(address: bigint, size = 8): Promise<bigint | null> {
    const start = address - (address % PIECE);
    const at = Number(address - start);
    if (at + size > Number(PIECE)) return null;
    const { bytes, readable } = await this.#piece(start);
    if (readable?.subarray(at, at + size).includes(0)) return null;
    return littleEndian(bytes, at, size);
  }

  async #piece(start: bigint) {
    const known = this.#pieces.get(start);
    if (known) return known;
    this.#state.cancel.check();
    const piece = await this.#state.target.readMemory(start, Number(PIECE));
    if (this.#pieces.size >= KEPT) this.#pieces.delete([...this.#pieces.keys()][0] ?? 0n);
    this.#pieces.set(start, piece);
    return piece;
  }
}
