import { describe, expect, it } from 'vitest';
import type { Layouts } from './layouts.ts';
import { mapleEntries, mapleEntryAt } from './maple.ts';
import { buildIdIn, type KernelModule, readModuleSymbols, readModules, readSections } from './modules.ts';
import type { LinuxTarget } from './target.ts';
import { MadeMemory } from './testing/memory.ts';

const HEAD = 0xffff_ffff_8212_9520n;
const MODULE = 0xffff_ffff_c059_8100n;

const SHARED = {
  'module.list': 8,
  'module.name': 24,
  'module.sect_attrs': 400,
  'module.kallsyms': 408,
  'module_sect_attrs.grp.bin_attrs': 32,
  'module_sect_attrs.nsections': 40,
  'module_sect_attrs.attrs': 48,
  'module_sect_attr.battr.attr.name': 0,
  'module_sect_attr.address': 64,
  'mod_kallsyms.symtab': 0,
  'mod_kallsyms.num_symtab': 8,
  'mod_kallsyms.strtab': 16,
  'mod_kallsyms.typetab': 24,
};
const OLD = {
  ...SHARED,
  'module.core_layout.base': 320,
  'module.core_layout.size': 328,
  'module.core_layout.text_size': 332,
};
const NEW = { ...SHARED, 'module.mem': 240, 'module_memory.base': 0, 'module_memory.size': 8 };

function layoutsOf(offsets: Readonly<Record<string, number>>): Layouts {
  const sizes: Readonly<Record<string, number>> = {
    module_sect_attr: 72,
    ...('module.mem' in offsets ? { module_memory: 32 } : {}),
  };
  return {
    offset: async (struct, path) => offsets[`${struct}.${path}`] ?? null,
    size: async (struct) => sizes[struct] ?? null,
  };
}

function kernel(offsets: Readonly<Record<string, number>>): LinuxTarget & { memory: MadeMemory } {
  const memory = new MadeMemory().room(HEAD, 16).room(MODULE, 0x380);
  memory
    .word(HEAD, MODULE + 8n)
    .word(MODULE + 8n, HEAD)
    .text(MODULE + 24n, 'dummy');
  return {
    machine: 'x86-64',
    memory,
    layouts: layoutsOf(offsets),
    symbol: (name) => (name === 'modules' ? HEAD : null),
    check: () => {},
  };
}

describe('modules', () => {
  it('lie in one block until 6.3', async () => {
    const target = kernel(OLD);
    target.memory
      .word(MODULE + 320n, 0xffff_ffff_c059_6000n)
      .half(MODULE + 328n, 0x4000)
      .half(MODULE + 332n, 0x1000);
    expect(await readModules(target)).toMatchObject([
      {
        name: 'dummy',
        start: 0xffff_ffff_c059_6000n,
        end: 0xffff_ffff_c059_a000n,
        extents: [
          { name: '.text', start: 0xffff_ffff_c059_6000n, end: 0xffff_ffff_c059_7000n, execute: true },
          { name: '.data', start: 0xffff_ffff_c059_7000n, end: 0xffff_ffff_c059_a000n, execute: false },
        ],
        orc: null,
      },
    ]);
    expect(target.memory.reads).toBe(2);
  });

  it('lie in several since 6.4', async () => {
    const target = kernel(NEW);
    for (let kind = 0n; kind < 3n; kind++)
      target.memory
        .word(MODULE + 240n + 32n * kind, 0xffff_ffff_c010_0000n + kind * 0x1_0000n)
        .half(MODULE + 248n + 32n * kind, 0x2000);
    const [module] = (await readModules(target)) ?? [];
    expect(module).toMatchObject({ start: 0xffff_ffff_c010_0000n, end: 0xffff_ffff_c010_2000n });
    expect(module?.extents.map(({ name }) => name)).toEqual(['.text', '.data', '.rodata']);
  });

  it('are none where the kernel takes none', async () => {
    expect(await readModules({ ...kernel(OLD), symbol: () => null })).toBeNull();
  });

  it('tell their sections and symbols', async () => {
    const target = kernel(OLD);
    const [attrs, names, table, symbols, strings, types] = [
      0x1_0000n,
      0x2_0ff0n,
      0x3_0000n,
      0x4_0000n,
      0x5_0000n,
      0x6_0000n,
    ];
    target.memory.room(attrs, 48 + 2 * 72).half(attrs + 40n, 2);
    // The second name goes over the end of a page.
    target.memory
      .room(names - 0xff0n, 0x2000)
      .text(names - 0x100n, '.text')
      .text(names, '.gnu.linkonce.this_module');
    target.memory.word(attrs + 48n, names - 0x100n).word(attrs + 48n + 64n, 0xffff_ffff_c059_6000n);
    target.memory.word(attrs + 120n, names).word(attrs + 120n + 64n, 0xffff_ffff_c059_8100n);
    target.memory
      .room(table, 32)
      .word(table, symbols)
      .half(table + 8n, 3)
      .word(table + 16n, strings)
      .word(table + 24n, types);
    target.memory.room(symbols, 72).room(strings, 0x1000).put(types, Buffer.from('\0td'));
    // The last name ends where what is mapped does.
    target.memory.text(strings + 0xf00n, 'dummy_xmit').text(strings + 0xff5n, 'numdummies');
    target.memory.half(symbols + 24n, 0xf00).word(symbols + 32n, 0xffff_ffff_c059_60a0n);
    target.memory.half(symbols + 48n, 0xff5).word(symbols + 56n, 0xffff_ffff_c059_8000n);
    const module = { sectAttrs: attrs, kallsyms: table } as unknown as KernelModule;
    expect(await readSections(target, module)).toEqual([
      { name: '.text', address: 0xffff_ffff_c059_6000n },
      { name: '.gnu.linkonce.this_module', address: 0xffff_ffff_c059_8100n },
    ]);
    expect(await readModuleSymbols(target, module)).toEqual([
      { name: 'dummy_xmit', type: 't', address: 0xffff_ffff_c059_60a0n },
      { name: 'numdummies', type: 'd', address: 0xffff_ffff_c059_8000n },
    ]);
    expect(await readSections(target, { ...module, sectAttrs: 0n })).toEqual([]);
    expect(await readModuleSymbols(target, { ...module, kallsyms: 0x99n })).toEqual([]);
  });
});

describe('build ids', () => {
  const note = (name: string, type: number, content: string) => {
    const head = Buffer.alloc(12);
    head.writeUInt32LE(name.length + 1, 0);
    head.writeUInt32LE(content.length / 2, 4);
    head.writeUInt32LE(type, 8);
    const pad = (bytes: Buffer) => Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
    return Buffer.concat([head, pad(Buffer.from(`${name}\0`)), pad(Buffer.from(content, 'hex'))]);
  };

  it('are found among other notes', () => {
    const id = '31779580d63dd4a683c2accf84caa92c309b8892';
    expect(
      buildIdIn(Buffer.concat([note('Xen', 3, '0102'), note('Linux', 0x101, '00'), note('GNU', 3, id)])),
    ).toBe(id);
    expect(buildIdIn(note('GNU', 1, '0102'))).toBeNull();
    expect(buildIdIn(Buffer.alloc(64, 0xff))).toBeNull();
    expect(buildIdIn(Buffer.alloc(64))).toBeNull();
  });
});

describe('mappings in a maple tree', () => {
  const memory = new MadeMemory().room(0x1000n, 256).room(0x2000n, 256);
  // A root of two leaves; of the first only the head is there.
  memory.word(0x1000n + 8n, 0x4f_ffffn).word(0x1000n + 80n, 0x2000n | (1n << 3n) | 4n);
  memory
    .word(0x2000n + 8n, 0x3f_ffffn)
    .word(0x2000n + 16n, 0x40_0fffn)
    .word(0x2000n + 24n, 0x4f_ffffn);
  memory
    .word(0x2000n + 128n, 0n)
    .word(0x2000n + 136n, 0xffff_8880_1234_0000n)
    .word(0x2000n + 144n, 0n);
  const root = 0x1000n | (3n << 3n) | 2n;

  it.each([
    [0x40_0000n, 0xffff_8880_1234_0000n],
    [0x40_0fffn, 0xffff_8880_1234_0000n],
    [0x3f_ffffn, null],
    [0x40_1000n, null],
    [0x7fff_0000n, null],
  ])('at 0x%s', async (address, found) => {
    expect(await mapleEntryAt(memory, root, address)).toBe(found);
  });

  it('one after the other', async () => {
    const all: bigint[] = [];
    for await (const entry of mapleEntries(memory, root)) all.push(entry);
    expect(all).toEqual([0xffff_8880_1234_0000n]);
  });

  it('of one mapping, and of none', async () => {
    expect(await mapleEntryAt(memory, 0xffff_8880_1234_0000n, 5n)).toBe(0xffff_8880_1234_0000n);
    expect(await mapleEntryAt(memory, 0n, 5n)).toBeNull();
  });
});
