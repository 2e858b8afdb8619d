import { type Btf, type BtfType, isCompound, KIND, type Member } from './btf.ts';
import { Writer } from './writer.ts';

/** Sections of debug information. */
export interface Dwarf {
  readonly info: Uint8Array;
  readonly abbreviations: Uint8Array;
  readonly strings: Uint8Array;
}

const TAG = {
  array: 0x01,
  enumeration: 0x04,
  parameter: 0x05,
  member: 0x0d,
  pointer: 0x0f,
  unit: 0x11,
  struct: 0x13,
  subroutine: 0x15,
  typedef: 0x16,
  union: 0x17,
  unspecified: 0x18,
  subrange: 0x21,
  base: 0x24,
  const: 0x26,
  enumerator: 0x28,
  volatile: 0x35,
  restrict: 0x37,
} as const;

const AT = {
  sibling: 0x01,
  name: 0x03,
  size: 0x0b,
  bitSize: 0x0d,
  language: 0x13,
  constant: 0x1c,
  producer: 0x25,
  prototyped: 0x27,
  count: 0x37,
  place: 0x38,
  declaration: 0x3c,
  encoding: 0x3e,
  type: 0x49,
  bitOffset: 0x6b,
} as const;

const FORM = {
  data4: 0x06,
  string: 0x08,
  data1: 0x0b,
  signed: 0x0d,
  strp: 0x0e,
  ref4: 0x13,
  flag: 0x19,
} as const;

type Attribute = readonly [number, number];
const [NAME, TYPE, SIZE, SIBLING]: Attribute[] = [
  [AT.name, FORM.strp],
  [AT.type, FORM.ref4],
  [AT.size, FORM.data4],
  [AT.sibling, FORM.ref4],
] as const;

/** Kinds of entries: tag, whether entries stand below it, attributes. Their numbers are their places, from 1. */
const ENTRIES = [
  [
    'unit',
    TAG.unit,
    true,
    [
      [AT.producer, FORM.string],
      [AT.language, FORM.data1],
      [AT.name, FORM.string],
    ],
  ],
  ['base', TAG.base, false, [NAME, [AT.size, FORM.data1], [AT.encoding, FORM.data1]]],
  ['pointer', TAG.pointer, false, [[AT.size, FORM.data1], TYPE]],
  ['pointerVoid', TAG.pointer, false, [[AT.size, FORM.data1]]],
  ['array', TAG.array, true, [TYPE]],
  ['subrange', TAG.subrange, false, [[AT.count, FORM.data4]]],
  ['struct', TAG.struct, true, [NAME, SIZE, SIBLING]],
  ['structBare', TAG.struct, true, [SIZE, SIBLING]],
  ['union', TAG.union, true, [NAME, SIZE, SIBLING]],
  ['unionBare', TAG.union, true, [SIZE, SIBLING]],
  ['member', TAG.member, false, [NAME, TYPE, [AT.place, FORM.data4]]],
  ['memberBare', TAG.member, false, [TYPE, [AT.place, FORM.data4]]],
  ['bits', TAG.member, false, [NAME, TYPE, [AT.bitSize, FORM.data1], [AT.bitOffset, FORM.data4]]],
  ['enum', TAG.enumeration, true, [NAME, [AT.size, FORM.data1], SIBLING]],
  ['enumBare', TAG.enumeration, true, [[AT.size, FORM.data1], SIBLING]],
  ['enumerator', TAG.enumerator, false, [NAME, [AT.constant, FORM.signed]]],
  ['structUnknown', TAG.struct, false, [NAME, [AT.declaration, FORM.flag]]],
  ['unionUnknown', TAG.union, false, [NAME, [AT.declaration, FORM.flag]]],
  ['typedef', TAG.typedef, false, [NAME, TYPE]],
  ['typedefVoid', TAG.typedef, false, [NAME]],
  ['const', TAG.const, false, [TYPE]],
  ['constVoid', TAG.const, false, []],
  ['volatile', TAG.volatile, false, [TYPE]],
  ['volatileVoid', TAG.volatile, false, []],
  ['restrict', TAG.restrict, false, [TYPE]],
  ['restrictVoid', TAG.restrict, false, []],
  ['subroutine', TAG.subroutine, true, [[AT.prototyped, FORM.flag], TYPE]],
  ['subroutineVoid', TAG.subroutine, true, [[AT.prototyped, FORM.flag]]],
  ['parameter', TAG.parameter, false, [TYPE]],
  ['unspecified', TAG.unspecified, false, []],
] as unknown as readonly (readonly [string, number, boolean, readonly Attribute[]])[];

const CODES = new Map(ENTRIES.map(([name], index) => [name, index + 1]));
const C99 = 0x0c;
const POINTER = 8;
/** Encodings of BTF's integers, by their bits (signed 1, character 2, boolean 4), as DWARF's. */
const encodingOf = (bits: number): number =>
  bits & 4 ? 2 : bits & 2 ? (bits & 1 ? 6 : 8) : bits & 1 ? 5 : 7;
const FLOAT = 4;

/** A kernel's types as a debugger reads them: one unit of DWARF 4. BTF's own strings become the section of strings. */
export function dwarfOf(btf: Btf, name: string): Dwarf {
  const abbreviations = new Writer();
  ENTRIES.forEach(([, tag, children, attributes], index) => {
    abbreviations
      .unsigned(index + 1)
      .unsigned(tag)
      .u8(children ? 1 : 0);
    for (const [attribute, form] of attributes) abbreviations.unsigned(attribute).unsigned(form);
    abbreviations.u16(0);
  });
  abbreviations.u8(0);
  return { info: new Unit(btf).write(name), abbreviations: abbreviations.bytes, strings: btf.strings };
}

class Unit {
  readonly #btf: Btf;
  readonly #out = new Writer();
  /** Where the entry of each type is. */
  readonly #places: Uint32Array;
  /** Places to be filled, and the types that they refer to. */
  readonly #references: number[] = [];

  constructor(btf: Btf) {
    this.#btf = btf;
    this.#places = new Uint32Array(btf.types.length);
  }

  write(name: string): Uint8Array {
    const out = this.#out;
    // Length, to be filled; version, abbreviations, size of an address.
    out.u32(0).u16(4).u32(0).u8(POINTER);
    this.#entry('unit').text('BTF').u8(C99).text(name);
    this.#btf.types.forEach((type, id) => {
      if (type === null) return;
      this.#places[id] = out.length;
      this.#type(type);
    });
    out.u8(0);
    for (let at = 0; at < this.#references.length; at += 2)
      out.patch32(this.#references[at] ?? 0, this.#places[this.#final(this.#references[at + 1] ?? 0)] ?? 0);
    out.patch32(0, out.length - 4);
    return out.bytes;
  }

  /** Tags have no entry of their own: what they are of stands for them. */
  #final(id: number): number {
    const type = this.#btf.types[id];
    return type?.kind === KIND.typeTag ? this.#final(type.value) : id;
  }

  #entry(name: string): Writer {
    return this.#out.unsigned(CODES.get(name) ?? 0);
  }

  #reference(type: number): Writer {
    this.#references.push(this.#out.length, type);
    return this.#out.u32(0);
  }

  #type(type: BtfType): void {
    const { kind, value, name } = type;
    const wrapped = WRAPPED[kind];
    if (wrapped !== undefined) {
      const empty = this.#final(value) === 0;
      const out = this.#entry(empty ? `${wrapped}Void` : wrapped);
      if (kind === KIND.pointer) out.u8(POINTER);
      if (kind === KIND.typedef) out.u32(name);
      if (!empty) this.#reference(value);
    } else if (isCompound(type)) this.#compound(type);
    else if (kind === KIND.enum || kind === KIND.enum64) this.#enumeration(type);
    else if (kind === KIND.int) {
      const bits = this.#btf.bytes.u32(type.more) >>> 24;
      this.#entry('base').u32(name).u8(value).u8(encodingOf(bits));
    } else if (kind === KIND.float) this.#entry('base').u32(name).u8(value).u8(FLOAT);
    else if (kind === KIND.array) this.#array(type);
    else if (kind === KIND.forward) this.#entry(type.flag ? 'unionUnknown' : 'structUnknown').u32(name);
    else if (kind === KIND.prototype) this.#prototype(type);
  }

  #array({ more }: BtfType): void {
    this.#entry('array');
    this.#reference(this.#btf.bytes.u32(more));
    this.#entry('subrange').u32(this.#btf.bytes.u32(more + 8));
    this.#out.u8(0);
  }

  /** Its sibling is where it ends. */
  #children(write: () => void): void {
    const at = this.#out.length;
    this.#out.u32(0);
    write();
    this.#out.u8(0);
    this.#out.patch32(at, this.#out.length);
  }

  #compound(type: BtfType): void {
    const what = type.kind === KIND.struct ? 'struct' : 'union';
    const out = this.#entry(type.name === 0 ? `${what}Bare` : what);
    if (type.name !== 0) out.u32(type.name);
    out.u32(type.value);
    this.#children(() => {
      const { bytes } = this.#btf;
      this.#btf.members(type).forEach((member, index) => {
        this.#member(member, bytes.u32(type.more + 12 * index));
      });
    });
  }

  #member({ type, bits, width }: Member, name: number): void {
    if (width !== 0 && name === 0) return;
    const out = this.#entry(width !== 0 ? 'bits' : name === 0 ? 'memberBare' : 'member');
    if (name !== 0) out.u32(name);
    this.#reference(type);
    if (width !== 0) out.u8(width).u32(bits);
    else out.u32(bits / 8);
  }

  #enumeration(type: BtfType): void {
    const { bytes } = this.#btf;
    const out = this.#entry(type.name === 0 ? 'enumBare' : 'enum');
    if (type.name !== 0) out.u32(type.name);
    out.u8(type.value);
    const wide = type.kind === KIND.enum64;
    this.#children(() => {
      for (let index = 0; index < type.count; index++) {
        const at = type.more + (wide ? 12 : 8) * index;
        const low = BigInt(bytes.u32(at + 4));
        const raw = wide ? low | (BigInt(bytes.u32(at + 8)) << 32n) : low;
        const value = wide ? BigInt.asIntN(64, raw) : BigInt.asIntN(32, raw);
        this.#entry('enumerator').u32(bytes.u32(at)).signed(value);
      }
    });
  }

  #prototype(type: BtfType): void {
    const empty = this.#final(type.value) === 0;
    this.#entry(empty ? 'subroutineVoid' : 'subroutine');
    if (!empty) this.#reference(type.value);
    for (let index = 0; index < type.count; index++) {
      const parameter = this.#btf.bytes.u32(type.more + 8 * index + 4);
      if (parameter === 0) this.#entry('unspecified');
      else {
        this.#entry('parameter');
        this.#reference(parameter);
      }
    }
    this.#out.u8(0);
  }
}

/** Types that are made of one other. */
const WRAPPED: Readonly<Record<number, string>> = {
  [KIND.pointer]: 'pointer',
  [KIND.typedef]: 'typedef',
  [KIND.const]: 'const',
  [KIND.volatile]: 'volatile',
  [KIND.restrict]: 'restrict',
};
