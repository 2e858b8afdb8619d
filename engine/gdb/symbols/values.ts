import type { FieldInfo, TypedValue, TypeInfo, Variable } from '../../backend/types.ts';
import { fromHex } from '../parts.ts';

/** What the helper sends (python/types.py, python/values.py): types as rows that refer to each other. */
export interface TypeRow {
  readonly k: TypeInfo['kind'];
  readonly n: string;
  readonly s: number;
  readonly c?: string;
  readonly g?: number;
  readonly t?: number;
  readonly e?: number;
  readonly p?: readonly number[];
}

export interface FieldRow {
  readonly n: string;
  readonly t: number;
  readonly o: number;
  readonly b?: number;
  readonly w?: number;
  readonly base?: number;
  readonly static?: number;
  readonly virtual?: number;
}

export interface ValueRow {
  readonly t: number;
  readonly a?: string;
  readonly r?: string;
  readonly i?: string;
  readonly f?: string;
  readonly e?: string;
  readonly s?: string;
  readonly u?: string;
  /** In one line, of a type that knows how to print itself. */
  readonly d?: string;
  readonly m?: readonly (FieldRow & { readonly v: ValueRow })[];
  readonly x?: readonly ValueRow[];
  /** The object that a pointer points to. */
  readonly p?: ValueRow;
}

export interface VariableRow {
  readonly n: string;
  readonly p: number;
  readonly v: ValueRow;
}

/** Turns the rows of one answer into types and values; each type becomes one object. */
export class TypeReader {
  readonly #rows: readonly TypeRow[];
  readonly #made = new Map<number, TypeInfo>();

  constructor(rows: readonly TypeRow[]) {
    this.#rows = rows;
  }

  type(index: number): TypeInfo {
    const known = this.#made.get(index);
    if (known) return known;
    const row = this.#rows[index];
    if (!row) return { kind: 'other', name: '?', canonicalName: '?', size: 0 };
    const type: TypeInfo = {
      kind: row.k,
      name: row.n,
      canonicalName: row.c ?? row.n,
      size: row.s,
      ...(row.g === undefined ? {} : { signed: row.g === 1 }),
      ...(row.t === undefined ? {} : { target: this.type(row.t) }),
      ...(row.e === undefined ? {} : { count: row.e }),
      ...(row.p === undefined ? {} : { parameters: row.p.map((one) => this.type(one)) }),
    };
    this.#made.set(index, type);
    return type;
  }

  field(row: FieldRow): FieldInfo {
    return {
      name: row.n,
      offset: row.o,
      type: this.type(row.t),
      ...(row.w === undefined ? {} : { bitPosition: row.b ?? 0, bitSize: row.w }),
      ...(row.base ? { isBase: true } : {}),
      ...(row.static ? { isStatic: true } : {}),
      ...(row.virtual ? { isVirtual: true } : {}),
    };
  }

  value(row: ValueRow): TypedValue {
    return {
      type: this.type(row.t),
      address: row.a === undefined ? null : fromHex(row.a),
      ...(row.r === undefined ? {} : { register: row.r }),
      ...(row.i === undefined ? {} : { integer: BigInt(row.i) }),
      ...(row.f === undefined ? {} : { float: row.f }),
      ...(row.e === undefined ? {} : { enumerator: row.e }),
      ...(row.s === undefined ? {} : { string: row.s }),
      ...(row.u === undefined ? {} : { unavailable: row.u }),
      ...(row.d === undefined ? {} : { text: row.d }),
      ...(row.m
        ? { members: row.m.map((one) => ({ field: this.field(one), value: this.value(one.v) })) }
        : {}),
      ...(row.p ? { pointee: this.value(row.p) } : {}),
      ...(row.x ? { elements: row.x.map((one) => this.value(one)) } : {}),
    };
  }

  variable(row: VariableRow): Variable {
    return { name: row.n, isParameter: row.p === 1, value: this.value(row.v) };
  }
}
