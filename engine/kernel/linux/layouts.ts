import { type Btf, isCompound } from './btf.ts';

/** Where members lie in the kernel's structs. */
export interface Layouts {
  /** In bytes, of a member by its path (`thread.sp`); null: there is no such struct or member. */
  offset(struct: string, path: string): Promise<number | null>;
  /** In bytes. */
  size(struct: string): Promise<number | null>;
}

/** By the kernel's own types. */
export function layoutsOfBtf(btf: Btf): Layouts {
  return {
    offset: async (struct, path) => {
      let bits = 0;
      let type = btf.struct(struct);
      for (const name of path.split('.')) {
        const member = type && isCompound(type) ? btf.member(type, name) : null;
        if (member === null) return null;
        bits += member.bits;
        type = btf.plain(member.type);
      }
      return bits / 8;
    },
    size: async (struct) => btf.struct(struct)?.value ?? null,
  };
}

/**
 * By a debugger's C expressions.
 * @param evaluate null: the expression means nothing
 */
export function layoutsOfExpressions(evaluate: (expression: string) => Promise<bigint | null>): Layouts {
  const known = new Map<string, Promise<bigint | null>>();
  const ask = async (expression: string): Promise<number | null> => {
    const answer = known.get(expression) ?? evaluate(expression);
    known.set(expression, answer);
    const value = await answer;
    return value === null ? null : Number(value);
  };
  return {
    offset: (struct, path) => ask(`(unsigned long)&((struct ${struct} *)0)->${path}`),
    size: (struct) => ask(`(unsigned long)sizeof(struct ${struct})`),
  };
}

/** A struct's members that were looked up together, to be read together. */
export class Shape<Name extends string> {
  readonly #offsets: Readonly<Record<Name, number | null>>;

  private constructor(offsets: Readonly<Record<Name, number | null>>) {
    this.#offsets = offsets;
  }

  static async of<Name extends string>(
    layouts: Layouts,
    struct: string,
    paths: Readonly<Record<Name, readonly string[] | string>>,
  ): Promise<Shape<Name>> {
    const offsets = {} as Record<Name, number | null>;
    for (const name of Object.keys(paths) as Name[]) {
      offsets[name] = null;
      // Names change from one kernel to the next; the first that there is counts.
      for (const path of [paths[name]].flat()) offsets[name] ??= await layouts.offset(struct, path as string);
    }
    return new Shape(offsets);
  }

  has(name: Name): boolean {
    return this.#offsets[name] !== null;
  }

  /** @throws Error where the kernel has none: look with {@link has} */
  at(name: Name): number {
    const offset = this.#offsets[name];
    if (offset === null) throw new Error(`this kernel has no ${name} there`);
    return offset;
  }

  /** From the first of these members to the end of the last, where each is at most `size` long. */
  span(names: readonly Name[], size: number): { readonly from: number; readonly length: number } {
    const offsets = names.filter((name) => this.has(name)).map((name) => this.at(name));
    const from = Math.min(...offsets);
    return { from, length: Math.max(...offsets) + size - from };
  }
}
