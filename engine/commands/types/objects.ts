import { HawserError } from '../../../transports/errors/error.ts';
import type { FieldInfo, TypedValue, TypeInfo } from '../../backend/types.ts';
import type { DebuggerState } from '../state.ts';
import { type FieldPath, type FieldStep, noSuchField } from './request.ts';

/** A field of an object, with those of its own fields that are to be shown. */
export interface Node {
  readonly field: FieldInfo;
  readonly value: TypedValue;
  /** `[03]`, where it stands for an element. */
  readonly index?: number;
  /** Only on the way to what is shown. */
  readonly passed?: boolean;
}

/** More elements than this are read in pieces. */
const ELEMENTS_AT_ONCE = 256;
const MOST_ELEMENTS = 0x10000;

const COMPOSITE = /^(struct|union|class)$/;

export function isComposite({ kind }: TypeInfo): boolean {
  return COMPOSITE.test(kind);
}

/**
 * Objects of the target, read as far as they are looked at. A layout is an object that is not there: the types
 * of its fields without values.
 */
export class Objects {
  readonly layout: boolean;
  readonly #state: DebuggerState;
  readonly #module: string | null;

  constructor(state: DebuggerState, module: string | null, layout: boolean) {
    this.#state = state;
    this.#module = module;
    this.layout = layout;
  }

  async read(name: string, address: bigint, depth: number): Promise<TypedValue> {
    this.#state.cancel.check();
    const { target } = this.#state;
    if (this.layout) return target.layout(name, depth, this.#module);
    return target.readValue(name, address, depth, this.#module);
  }

  /** Own fields; those of bases and of members without a name are the object's own. */
  async members(value: TypedValue): Promise<readonly Node[]> {
    const read = value.members ? value : await this.#again(value);
    return once(flat(read, 0));
  }

  /** The object that a pointer points to; null where there is none to show. */
  async pointee(value: TypedValue): Promise<TypedValue | null> {
    const { kind, target } = value.type;
    if ((kind !== 'pointer' && kind !== 'reference') || !target || !isComposite(target)) return null;
    if (value.pointee) return value.pointee;
    if (this.layout) return this.#tryRead(target, 0n);
    const address = BigInt.asUintN(64, value.integer ?? 0n);
    return address === 0n ? null : this.#tryRead(target, address);
  }

  /** The first `wanted` elements; 0: all. */
  async elements(value: TypedValue, wanted: number): Promise<readonly TypedValue[]> {
    const { count = 0, target } = value.type;
    const total = Math.min(wanted === 0 ? count : Math.min(wanted, count), MOST_ELEMENTS);
    const known = value.elements ?? [];
    if (known.length >= total || value.address === null || !target) return known.slice(0, total);
    const found: TypedValue[] = [];
    while (found.length < total) {
      const size = Math.min(ELEMENTS_AT_ONCE, total - found.length);
      const from = value.address + BigInt(found.length * target.size);
      found.push(...((await this.read(`${target.name}[${size}]`, from, 2)).elements ?? []));
    }
    return found;
  }

  /** What a name of fields stands for, each with the fields on the way to it. @throws where there is none */
  async select(root: TypedValue, path: FieldPath): Promise<readonly (readonly Node[])[]> {
    const found = await this.#select(root, path, 0);
    if (found.length === 0) throw noSuchField(path.at);
    return found;
  }

  async #select(
    container: TypedValue,
    path: FieldPath,
    depth: number,
  ): Promise<readonly (readonly Node[])[]> {
    const step = path.steps[depth];
    const object = isComposite(container.type) ? container : await this.pointee(container);
    if (!step || !object) return [];
    const isLast = depth === path.steps.length - 1;
    const found: (readonly Node[])[] = [];
    for (const member of matching(await this.members(object), step.name, isLast && path.prefix)) {
      const node = await this.#element(member, step, path.at);
      if (isLast) found.push([node]);
      else {
        const inner = await this.#select(node.value, path, depth + 1);
        found.push(...inner.map((nodes) => [{ ...node, passed: true }, ...nodes]));
      }
    }
    return found;
  }

  async #element(member: Node, { indexes }: FieldStep, at: number): Promise<Node> {
    let { field, value } = member;
    for (const index of indexes) {
      const { target, count = 0 } = value.type;
      if (value.type.kind !== 'array' || !target || index >= count) throw noSuchField(at);
      const inner = value.elements?.[this.layout ? 0 : index];
      const offset = field.offset + index * target.size;
      if (inner) value = inner;
      else if (value.address !== null)
        value = await this.read(target.name, value.address + BigInt(index * target.size), 1);
      field = { ...field, name: `${field.name}[${index}]`, offset, type: target };
    }
    return { ...member, field, value };
  }

  async #again(value: TypedValue): Promise<TypedValue> {
    if (!isComposite(value.type) || (value.address === null && !this.layout)) return value;
    return (await this.#tryRead(value.type, value.address ?? 0n)) ?? value;
  }

  /** Types without a name cannot be asked for. */
  async #tryRead(type: TypeInfo, address: bigint): Promise<TypedValue | null> {
    try {
      return await this.read(type.name, address, 1);
    } catch (error) {
      if (error instanceof HawserError && error.code === 'GDB') return null;
      throw error;
    }
  }
}

function flat(value: TypedValue, base: number): Node[] {
  return (value.members ?? []).flatMap(({ field, value: inner }) => {
    const at = field.isStatic ? field : { ...field, offset: field.offset + base };
    const isOwn = (field.isBase && !field.isVirtual) || field.name === '';
    return isOwn && inner.members ? flat(inner, at.offset) : [{ field: at, value: inner }];
  });
}

/** By whole name; by its beginning where that is asked for and no name is the same. */
function matching(members: readonly Node[], name: string, prefix: boolean): readonly Node[] {
  const same = members.filter(({ field }) => field.name === name);
  if (same.length > 0 || !prefix) return same;
  return members.filter(({ field }) => field.name.startsWith(name));
}

/** A virtual base is part of several bases and of the object once. */
function once(nodes: readonly Node[]): readonly Node[] {
  const seen = new Set<string>();
  return nodes.filter(({ field }) => {
    const key = `${field.offset} ${field.name}`;
    const isNew = field.isStatic || !seen.has(key);
    seen.add(key);
    return isNew;
  });
}
