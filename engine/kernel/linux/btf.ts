import { Bytes } from './bytes.ts';

/** BTF's kinds of types, by their numbers. */
export const KIND = {
  int: 1,
  pointer: 2,
  array: 3,
  struct: 4,
  union: 5,
  enum: 6,
  forward: 7,
  typedef: 8,
  volatile: 9,
  const: 10,
  restrict: 11,
  function: 12,
  prototype: 13,
  variable: 14,
  section: 15,
  float: 16,
  declarationTag: 17,
  typeTag: 18,
  enum64: 19,
} as const;

export interface BtfType {
  readonly kind: number;
  /** Offset among the strings; 0: it has no name. */
  readonly name: number;
  /** Of struct and union: bit-fields among the members. Of a forward: a union. Of an enum: signed. */
  readonly flag: boolean;
  readonly count: number;
  /** Size in bytes, or the type that this one is made of (0: void). */
  readonly value: number;
  /** Where what follows the type's own three words begins. */
  readonly more: number;
}

export interface Member {
  readonly name: string;
  readonly type: number;
  /** In bits from the start of the struct. */
  readonly bits: number;
  /** Of a bit-field; 0: none. */
  readonly width: number;
}

const MAGIC = 0xeb9f;
const MORE: Readonly<Record<number, (count: number) => number>> = {
  [KIND.int]: () => 4,
  [KIND.array]: () => 12,
  [KIND.struct]: (count) => 12 * count,
  [KIND.union]: (count) => 12 * count,
  [KIND.enum]: (count) => 8 * count,
  [KIND.prototype]: (count) => 8 * count,
  [KIND.variable]: () => 4,
  [KIND.section]: (count) => 12 * count,
  [KIND.declarationTag]: () => 4,
  [KIND.enum64]: (count) => 12 * count,
};

/** The types of a kernel as it has them in its memory (`__start_BTF`). Numbers of types begin at 1; 0 is void. */
export class Btf {
  readonly bytes: Bytes;
  readonly strings: Uint8Array;
  readonly types: readonly (BtfType | null)[];
  readonly #text: Bytes;
  #structs: Map<string, number> | null = null;

  private constructor(bytes: Bytes, strings: Uint8Array, types: readonly (BtfType | null)[]) {
    this.bytes = bytes;
    this.strings = strings;
    this.#text = new Bytes(strings);
    this.types = types;
  }

  /** Null: it is none, or one of another version. */
  static parse(data: Uint8Array): Btf | null {
    const bytes = new Bytes(data);
    if (bytes.u16(0) !== MAGIC || bytes.u8(2) !== 1) return null;
    const header = bytes.u32(4);
    const end = header + bytes.u32(8) + bytes.u32(12);
    const stringsAt = header + bytes.u32(16);
    if (end > bytes.length || stringsAt + bytes.u32(20) > bytes.length) return null;
    const types: (BtfType | null)[] = [null];
    for (let at = header + bytes.u32(8); at < end; ) {
      const info = bytes.u32(at + 4);
      const kind = (info >>> 24) & 0x1f;
      const count = info & 0xffff;
      const type = { kind, count, name: bytes.u32(at), flag: info >>> 31 === 1, value: bytes.u32(at + 8) };
      types.push({ ...type, more: at + 12 });
      at += 12 + (MORE[kind]?.(count) ?? 0);
      // A kind that is not known has a length that is not known.
      if (kind === 0 || kind > KIND.enum64) return null;
    }
    return new Btf(bytes, data.subarray(stringsAt, stringsAt + bytes.u32(20)), types);
  }

  text(offset: number): string {
    return this.#text.text(offset);
  }

  members({ more, count, flag }: BtfType): readonly Member[] {
    return Array.from({ length: count }, (_, index) => {
      const at = more + 12 * index;
      const where = this.bytes.u32(at + 8);
      return {
        name: this.text(this.bytes.u32(at)),
        type: this.bytes.u32(at + 4),
        bits: flag ? where & 0xff_ffff : where,
        width: flag ? where >>> 24 : 0,
      };
    });
  }

  /** A struct by its name, without the word. */
  struct(name: string): BtfType | null {
    if (!this.#structs) {
      this.#structs = new Map();
      for (const [id, type] of this.types.entries())
        if (type?.kind === KIND.struct && type.name !== 0) this.#structs.set(this.text(type.name), id);
    }
    return this.types[this.#structs.get(name) ?? 0] ?? null;
  }

  /** What a type is beneath its names and qualifiers; null: void. */
  plain(id: number): BtfType | null {
    const type = this.types[id] ?? null;
    const wraps: readonly number[] = [KIND.typedef, KIND.volatile, KIND.const, KIND.restrict, KIND.typeTag];
    return type && wraps.includes(type.kind) ? this.plain(type.value) : type;
  }

  /** A member by its name, also one within a member that has none. */
  member(type: BtfType, name: string): Member | null {
    for (const member of this.members(type)) {
      if (member.name === name) return member;
      const inner = member.name === '' ? this.plain(member.type) : null;
      const found = inner && isCompound(inner) ? this.member(inner, name) : null;
      if (found) return { ...found, bits: found.bits + member.bits };
    }
    return null;
  }
}

export const isCompound = ({ kind }: BtfType): boolean => kind === KIND.struct || kind === KIND.union;
