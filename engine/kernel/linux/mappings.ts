import type { Bytes } from './bytes.ts';
import { Shape } from './layouts.ts';
import { mapleEntries, mapleEntryAt } from './maple.ts';
import { PathReader } from './paths.ts';
import { type LinuxTarget, readBytes, readWord } from './target.ts';
import type { Task } from './tasks.ts';

/** A mapping of a program. */
export interface UserMapping {
  readonly start: bigint;
  readonly end: bigint;
  /** Offset of `start` in the file. */
  readonly offset: bigint;
  /** Path on the target; '': no file. */
  readonly path: string;
}

const AREA = {
  start: 'vm_start',
  end: 'vm_end',
  pages: 'vm_pgoff',
  file: 'vm_file',
  next: 'vm_next',
} as const;
type Member = keyof typeof AREA;
const PAGE = 4096n;
/** Linux's own limit for a process (`vm.max_map_count`). */
const MOST = 65_530;

/** Reads mappings of programs. */
export class Mappings {
  readonly #target: LinuxTarget;
  readonly #shape: Shape<Member>;
  readonly #span: { readonly from: number; readonly length: number };
  readonly #paths: PathReader;

  private constructor(target: LinuxTarget, shape: Shape<Member>) {
    this.#target = target;
    this.#shape = shape;
    this.#span = shape.span(Object.keys(AREA) as Member[], 8);
    this.#paths = new PathReader(target);
  }

  /** Null: the kernel's types are not known. */
  static async of(target: LinuxTarget): Promise<Mappings | null> {
    const shape = await Shape.of<Member>(target.layouts, 'vm_area_struct', AREA);
    const needed: readonly Member[] = ['start', 'end', 'pages', 'file'];
    return needed.every((name) => shape.has(name)) ? new Mappings(target, shape) : null;
  }

  /** The one at an address; null: none, or the kernel keeps them in another way. */
  async at({ mm }: Task, address: bigint): Promise<UserMapping | null> {
    const root = await this.#root(mm);
    const area = root === null ? null : await mapleEntryAt(this.#target.memory, root, address);
    const mapping = area === null ? null : await this.#read(area);
    return mapping && address >= mapping.start && address < mapping.end ? mapping : null;
  }

  /** All, by their addresses; as far as they can be read. */
  async all({ mm }: Task): Promise<readonly UserMapping[]> {
    const mappings: UserMapping[] = [];
    for await (const area of this.#areas(mm)) {
      this.#target.check();
      const mapping = await this.#read(area);
      if (mapping === null || mappings.length >= MOST) break;
      mappings.push(mapping);
    }
    return mappings;
  }

  async #root(mm: bigint): Promise<bigint | null> {
    const offset = await this.#target.layouts.offset('mm_struct', 'mm_mt.ma_root');
    return mm === 0n || offset === null ? null : readWord(this.#target.memory, mm + BigInt(offset));
  }

  /** In a tree since 6.1, in a list before. */
  async *#areas(mm: bigint): AsyncIterable<bigint> {
    const { layouts, memory } = this.#target;
    const root = await this.#root(mm);
    if (root !== null) return yield* mapleEntries(memory, root);
    const first = await layouts.offset('mm_struct', 'mmap');
    if (first === null || !this.#shape.has('next')) return;
    for (let area = await readWord(memory, mm + BigInt(first)); area !== null && area !== 0n; ) {
      yield area;
      area = await readWord(memory, area + BigInt(this.#shape.at('next')));
    }
  }

  async #read(area: bigint): Promise<UserMapping | null> {
    const { from, length } = this.#span;
    const bytes: Bytes | null = await readBytes(this.#target.memory, area + BigInt(from), length);
    if (!bytes) return null;
    const word = (name: Member): bigint => bytes.u64(this.#shape.at(name) - from);
    return {
      start: word('start'),
      end: word('end'),
      offset: word('pages') * PAGE,
      path: await this.#paths.of(word('file')),
    };
  }
}
