import { Shape } from './layouts.ts';
import { type LinuxTarget, readBytes, readWord } from './target.ts';
import type { Task } from './tasks.ts';

/** A program's mapping of a file. */
export interface UserMapping {
  readonly start: bigint;
  readonly end: bigint;
  /** Offset of `start` in the file. */
  readonly offset: bigint;
  /** Path on the target; '': no file. */
  readonly path: string;
}

/** Of maple trees, as kernels since 6.1 keep mappings: kinds of nodes, how many pivots, where the slots are. */
const NODES: Readonly<
  Record<number, { readonly pivots: number; readonly slots: number; readonly leaf: boolean }>
> = {
  1: { pivots: 15, slots: 8 + 15 * 8, leaf: true },
  2: { pivots: 15, slots: 8 + 15 * 8, leaf: false },
  3: { pivots: 9, slots: 8 + 9 * 8, leaf: false },
};
const NODE_SIZE = 256;
const DEEPEST = 16;

/** Address of the vm_area_struct in a maple tree's root entry that holds the address; null: none does. */
export async function lookUp({ memory }: LinuxTarget, root: bigint, address: bigint): Promise<bigint | null> {
  let entry = root;
  for (let depth = 0; depth < DEEPEST; depth++) {
    // Nodes are told from what they lead to by two bits; a tree of one is that itself.
    if ((entry & 3n) !== 2n) return entry === 0n ? null : entry;
    const node = NODES[Number((entry >> 3n) & 15n)];
    const bytes = node && (await readBytes(memory, entry & ~0xffn, NODE_SIZE));
    if (!bytes) return null;
    let slot = 0;
    for (; slot < node.pivots; slot++) {
      const pivot = bytes.u64(8 + 8 * slot);
      if (address <= pivot || (pivot === 0n && slot > 0)) break;
    }
    entry = bytes.u64(node.slots + 8 * slot);
    if (node.leaf) return entry === 0n ? null : entry;
  }
  return null;
}

/** The mapping that a program has at an address; null: none, or the kernel keeps them in another way. */
export async function mappingAt(
  target: LinuxTarget,
  { mm }: Task,
  address: bigint,
): Promise<UserMapping | null> {
  const { layouts, memory } = target;
  const root = await layouts.offset('mm_struct', 'mm_mt.ma_root');
  const shape = await Shape.of(layouts, 'vm_area_struct', {
    start: 'vm_start',
    end: 'vm_end',
    pages: 'vm_pgoff',
    file: 'vm_file',
  });
  if (mm === 0n || root === null || !shape.has('start')) return null;
  const entry = await readWord(memory, mm + BigInt(root));
  const area = entry === null ? null : await lookUp(target, entry, address);
  const { from, length } = shape.span(['start', 'end', 'pages', 'file'], 8);
  const bytes = area === null ? null : await readBytes(memory, area + BigInt(from), length);
  if (!bytes) return null;
  const word = (name: 'start' | 'end' | 'pages' | 'file'): bigint => bytes.u64(shape.at(name) - from);
  const [start, end] = [word('start'), word('end')];
  if (address < start || address >= end) return null;
  return { start, end, offset: word('pages') * 4096n, path: await pathOf(target, word('file')) };
}

const MOST_FOLDERS = 32;

/** Names of a file's folders up to where its file system begins. */
async function pathOf({ memory, layouts }: LinuxTarget, file: bigint): Promise<string> {
  const dentryAt = await layouts.offset('file', 'f_path.dentry');
  const shape = await Shape.of(layouts, 'dentry', { parent: 'd_parent', name: 'd_name.name' });
  if (file === 0n || dentryAt === null || !shape.has('parent') || !shape.has('name')) return '';
  const { from, length } = shape.span(['parent', 'name'], 8);
  const names: string[] = [];
  let dentry = await readWord(memory, file + BigInt(dentryAt));
  while (dentry !== null && names.length < MOST_FOLDERS) {
    const bytes = await readBytes(memory, dentry + BigInt(from), length);
    const parent: bigint = bytes?.u64(shape.at('parent') - from) ?? dentry;
    if (!bytes || parent === dentry) break;
    const name = await readName(memory, bytes.u64(shape.at('name') - from));
    names.unshift(name);
    dentry = parent;
  }
  return names.length === 0 ? '' : `/${names.join('/')}`;
}

/** A name may end just before what cannot be read. */
async function readName(memory: LinuxTarget['memory'], at: bigint): Promise<string> {
  const inPage = 4096 - Number(at & 0xfffn);
  const bytes = await readBytes(memory, at, Math.min(256, inPage));
  return bytes?.text(0, 256) ?? '?';
}
