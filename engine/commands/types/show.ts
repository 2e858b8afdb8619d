import type { TypedValue, TypeInfo } from '../../backend/types.ts';
import { bareName, fieldStart, fieldType, fieldValue, typeName } from '../../format/types.ts';
import type { CommandContext } from '../entry.ts';
import { isComposite, type Node, type Objects } from './objects.ts';
import type { FieldPath, TypeStyle } from './request.ts';

/** Printed together, so that what is large comes as it is read and can be cancelled. */
const LINES_AT_ONCE = 200;
const INDENT = 3;

/** Prints objects and layouts as `dt` does. */
export class Display {
  readonly #context: CommandContext;
  readonly #objects: Objects;
  readonly #style: TypeStyle;
  readonly #lines: string[] = [];
  /** Types whose layout is being shown: one within itself is not shown again. */
  readonly #open: string[] = [];

  constructor(context: CommandContext, objects: Objects, style: TypeStyle) {
    this.#context = context;
    this.#objects = objects;
    this.#style = style;
  }

  line(text: string): void {
    this.#lines.push(text);
    if (this.#lines.length >= LINES_AT_ONCE) this.flush();
  }

  flush(): void {
    const lines = this.#lines.splice(0);
    if (lines.length > 0) this.#context.print(lines.join('\n'));
  }

  /** An object, or the fields of it that were asked for. */
  async object(value: TypedValue, paths: readonly FieldPath[], whole: boolean): Promise<void> {
    if (paths.length > 0) {
      const selected: { readonly nodes: readonly Node[]; readonly path: FieldPath }[] = [];
      for (const path of paths)
        for (const nodes of await this.#objects.select(value, path)) selected.push({ nodes, path });
      if (this.#style.compact)
        this.line(`${this.#indent(0)}${selected.map(({ nodes }) => this.#onOneLine(nodes)).join(' ')}`);
      else for (const { nodes, path } of selected) await this.#selected(nodes, path);
      return;
    }
    if (this.#style.verbose) this.#header(value);
    if (isComposite(value.type)) await this.#members(value, 0, this.#style.levels);
    else if (value.type.kind === 'array' && (whole || this.#style.arrays !== null))
      await this.#elements(value, 0, whole ? 0 : (this.#style.arrays ?? 0));
    else this.line(this.#text(value));
  }

  /** `+0x000 in.low : 0n1`, with the offset of the last field in the object it belongs to. */
  #onOneLine(nodes: readonly Node[]): string {
    const name = nodes.map(({ field }) => field.name).join('.');
    const [last] = nodes.slice(-1);
    return last ? this.#compact({ ...last, field: { ...last.field, name } }) : '';
  }

  async #selected(nodes: readonly Node[], path: FieldPath): Promise<void> {
    for (const [level, node] of nodes.entries()) {
      if (node.passed) this.line(`${this.#start(node, level)}`);
      else await this.#node(node, level, Math.max(path.members, this.#style.levels));
    }
  }

  async #members(value: TypedValue, level: number, levels: number): Promise<void> {
    const nodes = await this.#objects.members(value);
    // Nothing could be read of it, or it has none.
    if (nodes.length === 0 && value.unavailable !== undefined) this.line(this.#text(value));
    if (!this.#style.compact) {
      for (const node of nodes) await this.#node(node, level, levels);
      return;
    }
    this.line(`${this.#indent(level)}${nodes.map((node) => this.#compact(node)).join(' ')}`);
  }

  #compact(node: Node): string {
    const where = this.#style.bare ? '' : `${fieldStart(node.field, 0).trim().split(' ')[0]} `;
    return `${where}${node.field.name} : ${this.#nodeText(node).trimEnd()}`;
  }

  async #node(node: Node, level: number, levels: number): Promise<void> {
    const { value } = node;
    const listed = value.type.kind === 'array' && this.#style.arrays !== null && !this.#objects.layout;
    this.line(`${this.#start(node, level)}${listed ? `[${value.type.count ?? 0}]` : this.#nodeText(node)}`);
    if (listed && value.string === undefined) await this.#elements(value, level + 1, this.#style.arrays ?? 0);
    else if (levels > 0) await this.#inner(value, level + 1, levels - 1);
  }

  /** What is embedded, and with `-r` what is pointed to; of an array its first element. */
  async #inner(value: TypedValue, level: number, levels: number): Promise<void> {
    if (value.type.kind === 'array') {
      const [first] = value.elements ?? [];
      if (first) await this.#inner(first, level, levels);
      return;
    }
    const object = isComposite(value.type)
      ? value
      : this.#style.follows
        ? await this.#objects.pointee(value)
        : null;
    if (!object) return;
    const name = object.type.canonicalName;
    const key = this.#objects.layout ? name : `${name} ${object.address}`;
    if (this.#open.includes(key)) return;
    this.#open.push(key);
    await this.#members(object, level, levels);
    this.#open.pop();
  }

  async #elements(array: TypedValue, level: number, wanted: number): Promise<void> {
    for (const [index, element] of (await this.#objects.elements(array, wanted)).entries()) {
      const start = `${this.#indent(level)}[${String(index).padStart(2, '0')}] `;
      if (!isComposite(element.type)) this.line(`${start}${this.#text(element)}`);
      else if (this.#style.compact) {
        const nodes = await this.#objects.members(element);
        this.line(`${start}${nodes.map((node) => this.#compact(node)).join(' ')}`);
      } else {
        this.line(`${start}${bareName(element.type)}`);
        await this.#members(element, level + 1, this.#style.levels);
      }
    }
  }

  #indent(level: number): string {
    return this.#style.flush ? '' : ' '.repeat(INDENT * (level + 1));
  }

  #start({ field }: Node, level: number): string {
    const text = fieldStart(field, 0).trimStart();
    return `${this.#indent(level)}${this.#style.bare ? text.replace(/^\S+ /, '') : text}`;
  }

  #nodeText({ field, value }: Node): string {
    if (this.#style.verbose && isComposite(value.type)) return sizes(value);
    const size = this.#context.state.pointerSize;
    return this.#objects.layout ? fieldType(field, size) : fieldValue(value, field, size);
  }

  #text(value: TypedValue): string {
    const size = this.#context.state.pointerSize;
    return this.#objects.layout ? typeName(value.type, size) : fieldValue(value, null, size);
  }

  #header(value: TypedValue): void {
    if (isComposite(value.type)) this.line(sizes(value));
  }
}

/** `struct node, 2 elements, 0x10 bytes`. */
function sizes({ type, members }: TypedValue): string {
  const count = members ? `${members.length} elements, ` : '';
  return `${type.kind} ${bareName(type)}, ${count}0x${type.size.toString(16)} bytes`;
}

/** Enumerators, with `-v` after how many there are. */
export function enumLines(type: TypeInfo, verbose: boolean): string[] {
  const all = type.enumerators ?? [];
  const header = verbose ? [`Enum ${bareName(type)},  ${all.length} total enums`] : [];
  return [...header, ...all.map(({ name, value }) => `   ${name} = 0n${value}`)];
}
