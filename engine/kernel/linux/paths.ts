import { Shape } from './layouts.ts';
import { type LinuxTarget, readBytes, readWord } from './target.ts';

const MOST_FOLDERS = 64;
const LONGEST_NAME = 256;

const DENTRY = { parent: 'd_parent', name: 'd_name.name' } as const;
const MOUNT = { mnt: 'mnt', root: 'mnt.mnt_root', parent: 'mnt_parent', point: 'mnt_mountpoint' } as const;

interface Shapes {
  readonly dentry: Shape<keyof typeof DENTRY>;
  readonly mount: Shape<keyof typeof MOUNT>;
  /** In struct file. */
  readonly dentryAt: number | null;
  readonly mountAt: number | null;
}

/** Names of open files, each asked for once. */
export class PathReader {
  readonly #target: LinuxTarget;
  readonly #known = new Map<bigint, Promise<string>>();
  #shapes: Promise<Shapes> | null = null;

  constructor(target: LinuxTarget) {
    this.#target = target;
  }

  /** Of a struct file, from the root of all mounts on; '': none, or it cannot be told. */
  of(file: bigint): Promise<string> {
    const known = this.#known.get(file) ?? this.#read(file);
    this.#known.set(file, known);
    return known;
  }

  async #look(): Promise<Shapes> {
    const { layouts } = this.#target;
    return {
      dentry: await Shape.of(layouts, 'dentry', DENTRY),
      mount: await Shape.of(layouts, 'mount', MOUNT),
      dentryAt: await layouts.offset('file', 'f_path.dentry'),
      mountAt: await layouts.offset('file', 'f_path.mnt'),
    };
  }

  async #read(file: bigint): Promise<string> {
    const { memory } = this.#target;
    this.#shapes ??= this.#look();
    const { dentry: shape, mount, dentryAt, mountAt } = await this.#shapes;
    if (file === 0n || dentryAt === null || !shape.has('parent') || !shape.has('name')) return '';
    const { from, length } = shape.span(['parent', 'name'], 8);
    const names: string[] = [];
    let dentry = await readWord(memory, file + BigInt(dentryAt));
    let place = mountAt === null ? null : await this.#mount(mount, file + BigInt(mountAt));
    while (dentry !== null && names.length < MOST_FOLDERS) {
      // The root of what is mounted stands where it is mounted.
      for (let depth = 0; place !== null && dentry === place.root && depth < MOST_FOLDERS; depth++) {
        dentry = place.point;
        place = place.isTop ? null : await this.#mountAt(mount, place.parent);
      }
      const bytes = await readBytes(memory, dentry + BigInt(from), length);
      const parent: bigint = bytes?.u64(shape.at('parent') - from) ?? dentry;
      if (!bytes || parent === dentry) break;
      names.unshift(await this.#name(bytes.u64(shape.at('name') - from)));
      dentry = parent;
    }
    return names.length === 0 ? '' : `/${names.join('/')}`;
  }

  /** By the pointer to the part of it that struct file has. */
  async #mount(shape: Shape<keyof typeof MOUNT>, pointer: bigint) {
    const part = await readWord(this.#target.memory, pointer);
    return part === null || !shape.has('mnt') ? null : this.#mountAt(shape, part - BigInt(shape.at('mnt')));
  }

  async #mountAt(shape: Shape<keyof typeof MOUNT>, address: bigint) {
    if (!shape.has('root') || !shape.has('parent') || !shape.has('point')) return null;
    const { from, length } = shape.span(['root', 'parent', 'point'], 8);
    const bytes = await readBytes(this.#target.memory, address + BigInt(from), length);
    if (!bytes) return null;
    const word = (name: 'root' | 'parent' | 'point'): bigint => bytes.u64(shape.at(name) - from);
    const parent = word('parent');
    return { root: word('root'), parent, point: word('point'), isTop: parent === address };
  }

  /** A name may end just before what cannot be read. */
  async #name(at: bigint): Promise<string> {
    const inPage = 4096 - Number(at & 0xfffn);
    const bytes = await readBytes(this.#target.memory, at, Math.min(LONGEST_NAME, inPage));
    return bytes?.text(0, LONGEST_NAME) ?? '?';
  }
}
