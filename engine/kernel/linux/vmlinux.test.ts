import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inspectElf } from '../../images/elf-file.ts';
import { type ElfSection, elfFile } from './elf.ts';
import { currentTask, matchFile } from './kernel.ts';
import type { LinuxTarget } from './target.ts';
import { MadeMemory } from './testing/memory.ts';
import { readVmlinux, vmlinuxCandidates } from './vmlinux.ts';

const LINKED = 0xffff_ffff_8100_0000n;
const SLIDE = 0x760_0000n;
const BANNER = 'Linux version 6.1.0-50-amd64 (a@b) (gcc) #1 SMP Debian';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hawser-vmlinux-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function noteOf(id: string): Buffer {
  return Buffer.concat([
    Buffer.from([4, 0, 0, 0, 20, 0, 0, 0, 3, 0, 0, 0]),
    Buffer.from('GNU\0'),
    Buffer.from(id, 'hex'),
  ]);
}

/** @param notes false: it has no build id */
function vmlinux(path: string, banner: string, id: string, notes = true): void {
  const rodata = Buffer.alloc(0x1000);
  rodata.write(`${banner}\n\0`, 0x100, 'latin1');
  const note = noteOf(id);
  const sections: ElfSection[] = [
    { name: '.text', address: LINKED, execute: true, content: 0x10_0000n },
    { name: '.rodata', address: LINKED + 0x20_0000n, content: rodata },
    ...(notes ? [{ name: '.notes', address: LINKED + 0x30_0000n, content: note }] : []),
  ];
  const at = (name: string, offset: bigint) => ({
    name,
    address: LINKED + offset,
    size: 0n,
    kind: 'data' as const,
    global: true,
  });
  const symbols = [
    at('_text', 0n),
    at('linux_banner', 0x20_0100n),
    ...(notes ? [at('__start_notes', 0x30_0000n)] : []),
  ];
  const file = elfFile('x86-64', sections, symbols);
  // The writer knows no notes: their type is set here.
  if (notes) file.writeUInt32LE(7, Number(file.readBigUInt64LE(40)) + 3 * 64 + 4);
  writeFileSync(path, file);
}

/** The kernel that runs, moved. */
function memory(banner: string, id: string): MadeMemory {
  const text = Buffer.alloc(0x1000);
  text.write(`${banner}\n\0`, 0, 'latin1');
  return new MadeMemory().put(LINKED + SLIDE + 0x20_0100n, text).put(LINKED + SLIDE + 0x30_0000n, noteOf(id));
}

const ID = '31779580d63dd4a683c2accf84caa92c309b8892';
const OTHER = 'ffff9580d63dd4a683c2accf84caa92c309b8892';

describe('a file of a kernel', () => {
  it('tells its symbols, its banner and its build id', async () => {
    const path = join(folder, 'whole');
    vmlinux(path, BANNER, ID);
    const file = readVmlinux(path);
    expect(file?.banner).toBe(BANNER);
    expect(file?.buildId).toBe(ID);
    expect(file?.symbols.get('linux_banner')).toBe(LINKED + 0x20_0100n);
    expect((await inspectElf(path))?.buildId).toBe(ID);
  });

  it('is the kernel’s where its banner is in memory, moved as far as the code', async () => {
    const path = join(folder, 'banner');
    vmlinux(path, BANNER, ID, false);
    const file = readVmlinux(path);
    if (!file) throw new Error('not read');
    const known = await matchFile(memory(BANNER, ID), LINKED + SLIDE, file);
    expect(known).toMatchObject({ slide: SLIDE, text: LINKED + SLIDE, banner: BANNER });
    expect(known?.symbols.get('linux_banner')).toBe(LINKED + SLIDE + 0x20_0100n);
    expect(await matchFile(memory(BANNER.replace('#1', '#2'), ID), LINKED + SLIDE, file)).toBeNull();
    expect(await matchFile(memory(BANNER, ID), LINKED + SLIDE + 0x20_0000n, file)).toBeNull();
  });

  it.each([
    [ID, true],
    [OTHER, false],
  ])('is the kernel’s by its build id, which counts for more: %s', async (id, same) => {
    const path = join(folder, id);
    vmlinux(path, BANNER, id);
    const read = readVmlinux(path);
    if (!read) throw new Error('not read');
    const end = LINKED + 0x30_0000n + 36n;
    const file = { ...read, symbols: new Map([...read.symbols, ['__stop_notes', end]]) };
    expect((await matchFile(memory(BANNER, ID), LINKED + SLIDE, file)) !== null).toBe(same);
  });

  it('is none where it is something else', () => {
    writeFileSync(
      join(folder, 'text'),
      'no ELF file, but long enough to hold a header of one, or so one might think',
    );
    expect(readVmlinux(join(folder, 'text'))).toBeNull();
    expect(readVmlinux(folder)).toBeNull();
    expect(readVmlinux(join(folder, 'missing'))).toBeNull();
    expect(readVmlinux('/dev/null')).toBeNull();
  });

  it('is looked for where distributions put it', () => {
    const tree = join(folder, 'tree');
    const places = ['boot/vmlinux-6.1.0', 'usr/lib/debug/lib/modules/6.1.0/vmlinux', 'vmlinux'];
    for (const place of places) {
      mkdirSync(join(tree, place, '..'), { recursive: true });
      writeFileSync(join(tree, place), '');
    }
    const found = vmlinuxCandidates([join(folder, 'nothing'), tree], '6.1.0');
    expect(new Set(found)).toEqual(new Set(places.map((place) => join(tree, place))));
    expect(vmlinuxCandidates([tree], null)).toEqual([join(tree, 'vmlinux')]);
    expect(vmlinuxCandidates([join(tree, 'vmlinux')], null)).toEqual([join(tree, 'vmlinux')]);
  });
});

it('the current task of a processor is its own variable', async () => {
  const symbols = new Map([
    ['__per_cpu_offset', 0x1000n],
    ['current_task', 0x1_fbc0n],
  ]);
  const place = 0xffff_8880_1000_0000n;
  const memory = new MadeMemory()
    .room(0x1000n, 16)
    .word(0x1008n, place)
    .room(place + 0x1_fbc0n, 8)
    .word(place + 0x1_fbc0n, 0x77n);
  const target: LinuxTarget = {
    machine: 'x86-64',
    memory,
    layouts: { offset: async () => null, size: async () => null },
    symbol: (name) => symbols.get(name) ?? null,
    check: () => {},
  };
  expect(await currentTask(target, 1)).toBe(0x77n);
  expect(await currentTask({ ...target, symbol: () => null }, 1)).toBeNull();
});
