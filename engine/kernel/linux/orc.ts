import type { Btf } from './btf.ts';
import { Bytes } from './bytes.ts';

/** How the frame of the caller is found from a place in the code, as ORC tells. */
export interface OrcEntry {
  readonly kind: 'call' | 'registers' | 'interrupt' | 'end';
  /** Which register, and what is added to it, leads to the caller's stack pointer. */
  readonly sp: 'sp' | 'bp' | 'spIndirect' | 'bpIndirect' | 'other' | 'none';
  /** DWARF's number of the register where `sp` is `other`. */
  readonly register: number;
  readonly spOffset: number;
  /** Where the caller's rbp is: below its stack pointer, from rbp, or where it is now. */
  readonly bp: 'caller' | 'bp' | 'same';
  readonly bpOffset: number;
}

/** How entries lie in memory: it changed with 6.4. */
export interface OrcLayout {
  readonly typeBits: number;
  /** A bit of its own says that the stack ends. */
  readonly hasEnd: boolean;
}

export const OLD_ORC: OrcLayout = { typeBits: 2, hasEnd: true };
const NEW_ORC: OrcLayout = { typeBits: 3, hasEnd: false };
const ENTRY = 6;

const SP: Readonly<Record<number, OrcEntry['sp']>> = {
  4: 'bp',
  5: 'sp',
  8: 'bpIndirect',
  9: 'spIndirect',
  2: 'other',
  3: 'other',
  6: 'other',
  7: 'other',
};
/** DX, DI, R10, R13 as DWARF numbers them. */
const OTHERS: Readonly<Record<number, number>> = { 2: 1, 3: 5, 6: 10, 7: 13 };
const OLD_KINDS: readonly OrcEntry['kind'][] = ['call', 'registers', 'interrupt', 'call'];
const NEW_KINDS: readonly OrcEntry['kind'][] = ['end', 'end', 'call', 'registers', 'interrupt'];

/** As the kernel's own types have it. */
export function orcLayout(btf: Btf): OrcLayout {
  const entry = btf.struct('orc_entry');
  return entry && btf.member(entry, 'end') === null ? NEW_ORC : OLD_ORC;
}

/** ORC's two tables of an image, read from memory: addresses, ascending, and what counts from each on. */
export class Orc {
  readonly addresses: BigInt64Array;
  readonly #entries: Bytes;
  readonly #layout: OrcLayout;

  /** @param ips the table of offsets, each from its own place; it begins at `ipsAt` in the target */
  constructor(ips: Uint8Array, ipsAt: bigint, entries: Uint8Array, layout: OrcLayout) {
    const count = Math.min(Math.floor(ips.length / 4), Math.floor(entries.length / ENTRY));
    const offsets = new Bytes(ips);
    this.addresses = new BigInt64Array(count);
    const from = BigInt.asIntN(64, ipsAt);
    for (let index = 0; index < count; index++)
      this.addresses[index] = from + BigInt(4 * index + offsets.s32(4 * index));
    this.#entries = new Bytes(entries);
    this.#layout = layout;
  }

  entry(index: number): OrcEntry {
    const at = ENTRY * index;
    const bits = this.#entries.u16(at + 4);
    const type = (bits >> 8) & ((1 << this.#layout.typeBits) - 1);
    const ended = this.#layout.hasEnd && ((bits >> (8 + this.#layout.typeBits)) & 1) === 1;
    const kind = ended ? 'end' : ((this.#layout.hasEnd ? OLD_KINDS : NEW_KINDS)[type] ?? 'end');
    const sp = bits & 15;
    const bp = (bits >> 4) & 15;
    return {
      kind,
      sp: SP[sp] ?? 'none',
      register: OTHERS[sp] ?? 0,
      spOffset: this.#entries.s16(at),
      bp: bp === 1 ? 'caller' : bp === 4 ? 'bp' : 'same',
      bpOffset: this.#entries.s16(at + 2),
    };
  }

  /** What counts at an address; null: nothing is known of it. */
  at(address: bigint): OrcEntry | null {
    const wanted = BigInt.asIntN(64, address);
    let low = 0;
    let high = this.addresses.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.addresses[middle] ?? 0n) <= wanted) low = middle + 1;
      else high = middle;
    }
    return low === 0 ? null : this.entry(low - 1);
  }
}
