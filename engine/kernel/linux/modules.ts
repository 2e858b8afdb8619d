import { Bytes } from './bytes.ts';
import type { KernelSymbol } from './kallsyms.ts';
import { Shape } from './layouts.ts';
import { Orc, type OrcLayout } from './orc.ts';
import type { Extent } from './symbol-file.ts';
import { type LinuxTarget, readBytes, walkList } from './target.ts';

export interface ModuleSection {
  readonly name: string;
  readonly address: bigint;
}

/** A loaded module. */
export interface KernelModule {
  readonly address: bigint;
  readonly name: string;
  /** What of it stays loaded, as /proc/modules tells it; of kernels from 6.4 on only its code. */
  readonly start: bigint;
  readonly end: bigint;
  readonly extents: readonly Extent[];
  readonly sectAttrs: bigint;
  readonly kallsyms: bigint;
  readonly orc: { readonly count: number; readonly ips: bigint; readonly entries: bigint } | null;
}

const MEMBERS = {
  list: 'list',
  name: 'name',
  base: 'core_layout.base',
  size: 'core_layout.size',
  textSize: 'core_layout.text_size',
  mem: 'mem',
  sectAttrs: 'sect_attrs',
  kallsyms: 'kallsyms',
  orcCount: 'arch.num_orcs',
  orcIps: 'arch.orc_unwind_ip',
  orcEntries: 'arch.orc_unwind',
} as const;
type Name = keyof typeof MEMBERS;
const NAME_LENGTH = 56;
/** Kinds of memory of a module, since 6.4, in their order; those for its beginning come after. */
const MEMORY = [
  { name: '.text', execute: true, write: false },
  { name: '.data', execute: false, write: true },
  { name: '.rodata', execute: false, write: false },
  { name: '.data..ro_after_init', execute: false, write: false },
] as const;

/** Newest first, as the kernel lists them. Null: the kernel's types are not known, or it takes no modules. */
export async function readModules(target: LinuxTarget): Promise<readonly KernelModule[] | null> {
  const head = target.symbol('modules');
  const shape = await Shape.of<Name>(target.layouts, 'module', MEMBERS);
  const memory = await Shape.of(target.layouts, 'module_memory', { base: 'base', size: 'size' });
  const memorySize = (await target.layouts.size('module_memory')) ?? 0;
  if (head === null || !shape.has('list') || !shape.has('name') || !(shape.has('base') || shape.has('mem')))
    return null;
  const all = shape.span(Object.keys(MEMBERS) as Name[], Math.max(NAME_LENGTH, memorySize * MEMORY.length));
  const modules: KernelModule[] = [];
  for await (const { address, bytes } of walkList(target, head, shape.at('list'), all)) {
    const at = (name: Name): number => shape.at(name) - all.from;
    const word = (name: Name): bigint => (shape.has(name) ? bytes.u64(at(name)) : 0n);
    const extents = shape.has('mem')
      ? MEMORY.map((kind, index) => {
          const start = bytes.u64(at('mem') + index * memorySize + memory.at('base'));
          const size = bytes.u32(at('mem') + index * memorySize + memory.at('size'));
          return { ...kind, start, end: start + BigInt(size) };
        }).filter(({ start, end }) => end > start)
      : oneBlock(word('base'), bytes.u32(at('size')), bytes.u32(at('textSize')));
    const [first] = extents;
    if (!first) continue;
    modules.push({
      address,
      name: bytes.text(at('name'), NAME_LENGTH),
      start: first.start,
      end: shape.has('mem') ? first.end : (extents.at(-1)?.end ?? first.end),
      extents,
      sectAttrs: word('sectAttrs'),
      kallsyms: word('kallsyms'),
      orc: shape.has('orcCount')
        ? { count: bytes.u32(at('orcCount')), ips: word('orcIps'), entries: word('orcEntries') }
        : null,
    });
  }
  return modules;
}

/** Until 6.3 code comes first and everything else behind it. */
function oneBlock(start: bigint, size: number, textSize: number): Extent[] {
  const middle = start + BigInt(textSize);
  const end = start + BigInt(size);
  return [
    { name: '.text', start, end: middle, execute: true, write: false },
    { name: '.data', start: middle, end, execute: false, write: true },
  ].filter((extent) => extent.end > extent.start);
}

const MOST_SECTIONS = 1024;
const LONGEST_NAME = 64;

/** Where each section was loaded; none where the kernel does not keep that (CONFIG_KALLSYMS), or it cannot be read. */
export async function readSections(
  target: LinuxTarget,
  module: KernelModule,
): Promise<readonly ModuleSection[]> {
  const { layouts, memory, check } = target;
  const table = await Shape.of(layouts, 'module_sect_attrs', {
    count: 'nsections',
    group: 'grp.bin_attrs',
    attrs: 'attrs',
  });
  const one = await Shape.of(layouts, 'module_sect_attr', { name: 'battr.attr.name', address: 'address' });
  const size = await layouts.size('module_sect_attr');
  if (module.sectAttrs === 0n || !size || !table.has('count') || !table.has('attrs')) return [];
  if (!one.has('name') || !one.has('address')) return [];
  const count = await readBytes(memory, module.sectAttrs + BigInt(table.at('count')), 4);
  const number = count?.u32(0) ?? 0;
  if (number === 0 || number > MOST_SECTIONS) return [];
  const rows = await readBytes(memory, module.sectAttrs + BigInt(table.at('attrs')), number * size);
  if (!rows) return [];
  const pointers = Array.from({ length: number }, (_, index) => rows.u64(index * size + one.at('name')));
  const names = await readTexts(memory, pointers, check);
  return pointers.map((_, index) => ({
    name: names[index] ?? '',
    address: rows.u64(index * size + one.at('address')),
  }));
}

/** Short texts near each other are read together. */
async function readTexts(
  memory: LinuxTarget['memory'],
  pointers: readonly bigint[],
  check: () => void,
): Promise<readonly string[]> {
  const pages = new Map<bigint, Bytes | null>();
  const texts: string[] = [];
  for (const pointer of pointers) {
    check();
    let text = '';
    for (let at = pointer; text.length < LONGEST_NAME; ) {
      const page = at & ~0xfffn;
      if (!pages.has(page)) pages.set(page, await readBytes(memory, page, 0x1000));
      const bytes = pages.get(page);
      if (!bytes) break;
      const part = bytes.text(Number(at - page), LONGEST_NAME);
      text += part;
      at += BigInt(part.length);
      if ((at & 0xfffn) !== 0n || part.length === 0) break;
    }
    texts.push(text);
  }
  return texts;
}

const SYMBOL = 24;
const MOST_SYMBOLS = 200_000;
const LONGEST_SYMBOL = 512;

/** What the module's own kallsyms have. */
export async function readModuleSymbols(
  target: LinuxTarget,
  { kallsyms }: KernelModule,
): Promise<readonly KernelSymbol[]> {
  const { layouts, memory } = target;
  const shape = await Shape.of(layouts, 'mod_kallsyms', {
    symtab: 'symtab',
    count: 'num_symtab',
    strtab: 'strtab',
    types: 'typetab',
  });
  if (kallsyms === 0n || !shape.has('symtab') || !shape.has('count') || !shape.has('strtab')) return [];
  const { from, length } = shape.span(['symtab', 'count', 'strtab', 'types'], 8);
  const head = await readBytes(memory, kallsyms + BigInt(from), length);
  const count = head?.u32(shape.at('count') - from) ?? 0;
  if (!head || count === 0 || count > MOST_SYMBOLS) return [];
  const symtab = await readBytes(memory, head.u64(shape.at('symtab') - from), count * SYMBOL);
  const types = shape.has('types')
    ? await readBytes(memory, head.u64(shape.at('types') - from), count)
    : null;
  if (!symtab) return [];
  let last = 0;
  for (let index = 0; index < count; index++) last = Math.max(last, symtab.u32(index * SYMBOL));
  const strings = await readStrings(memory, head.u64(shape.at('strtab') - from), last);
  const symbols: KernelSymbol[] = [];
  for (let index = 1; index < count; index++) {
    const name = strings.text(symtab.u32(index * SYMBOL));
    const letter = types ? String.fromCharCode(types.u8(index)) : letterOf(symtab.u8(index * SYMBOL + 4));
    if (name !== '') symbols.push({ name, type: letter, address: symtab.u64(index * SYMBOL + 8) });
  }
  return symbols;
}

const letterOf = (info: number): string => ((info & 15) === 2 ? 't' : 'd');

/** How long the last name is is not known: what can be read behind it will do. */
async function readStrings(memory: LinuxTarget['memory'], at: bigint, last: number): Promise<Bytes> {
  // At the end of what is mapped it ends in the same page.
  const inPage = 4096 - Number((at + BigInt(last)) & 0xfffn);
  for (const more of [LONGEST_SYMBOL, inPage]) {
    const bytes = await readBytes(memory, at, last + more);
    if (bytes) return bytes;
  }
  return new Bytes(new Uint8Array(0));
}

const MOST_ORCS = 1_000_000;

export async function readModuleOrc(
  { memory }: LinuxTarget,
  { orc }: KernelModule,
  layout: OrcLayout,
): Promise<Orc | null> {
  if (!orc || orc.count === 0 || orc.count > MOST_ORCS) return null;
  const ips = await memory.read(orc.ips, orc.count * 4);
  const entries = await memory.read(orc.entries, orc.count * 6);
  return ips && entries && new Orc(ips, orc.ips, entries, layout);
}

/** The build id in a module's or the kernel's notes; hexadecimal. Null: there is none among them. */
export function buildIdIn(notes: Uint8Array): string | null {
  const bytes = new Bytes(notes);
  for (let at = 0; at + 12 <= bytes.length; ) {
    const nameSize = bytes.u32(at);
    const size = bytes.u32(at + 4);
    const start = at + 12 + ((nameSize + 3) & ~3);
    if (bytes.u32(at + 8) === 3 && bytes.text(at + 12) === 'GNU' && nameSize === 4)
      return Buffer.from(notes.subarray(start, start + size)).toString('hex');
    const next = start + ((size + 3) & ~3);
    if (next <= at) return null;
    at = next;
  }
  return null;
}
