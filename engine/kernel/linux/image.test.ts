import { describe, expect, it } from 'vitest';
import { imageAround, imageRuns, partsOf } from './image.ts';
import { locate, releaseOf } from './locate.ts';
import { throughTables } from './memory.ts';
import { BANNER, RODATA, TEXT, makeImage as tables } from './testing/image.ts';
import { MadeMemory } from './testing/memory.ts';

describe('the image of a kernel', () => {
  it.each([false, true])('is told by the page tables, five levels: %s', async (fiveLevels) => {
    const { memory, root } = tables(fiveLevels);
    const runs = await imageRuns(memory.physical, root | 0x18n, fiveLevels);
    expect(runs).toEqual([
      { start: TEXT, end: RODATA, execute: true, write: false },
      { start: RODATA, end: RODATA + 0x20_3000n, execute: false, write: false },
      { start: RODATA + 0x20_3000n, end: RODATA + 0x20_4000n, execute: false, write: true },
    ]);
    expect(memory.reads).toBeLessThanOrEqual(6);
    expect(partsOf(runs ?? [])).toMatchObject({ text: TEXT, rodata: { start: RODATA } });
  });

  it('is not seen through tables that do not have it', async () => {
    const { memory } = tables();
    expect(await imageRuns(memory.physical, 0x4000n, false)).toBeNull();
    expect(await imageRuns(memory.physical, 0x9000n, false)).toBeNull();
    expect(partsOf([])).toBeNull();
  });

  it('is found by its tables, also from the half that a program has', async () => {
    const { memory } = tables();
    // The root of a program's half stands behind the kernel's own, and has nothing of the kernel.
    memory.room(0x6000n, 0x2000).word(0x6000n + 511n * 8n, 0x2003n);
    const processors = [{ cr3: 0x7000n, cr4: 0n, ip: 0x40_0000n }];
    const found = await locate(memory, processors);
    expect(found).toMatchObject({ text: TEXT, banner: BANNER.trimEnd().replace('\n\0', '') });
    expect(found?.tables).toEqual({ root: 0x6000n, fiveLevels: false });
    expect(releaseOf(found?.banner ?? '')).toBe('6.1.0-50-amd64');
    expect(await locate(new MadeMemory(), processors)).toBeNull();
  });

  it('is read by its own tables where the processor has it out of reach', async () => {
    const { memory } = tables();
    memory.put(0x60_0000n, Buffer.alloc(0x1000, 0x11)).put(0x60_1000n, Buffer.alloc(0x1000, 0x22));
    const blind = { read: async () => null, physical: memory.physical };
    const reach = throughTables(blind, { root: 0x1000n, fiveLevels: false });
    expect(await reach.read(TEXT + 0xffcn, 8)).toEqual(Buffer.from('1111111122222222', 'hex'));
    expect(await reach.read(TEXT - 8n, 8)).toBeNull();
    expect(await reach.read(0x1000n, 8)).toBeNull();
  });

  it('is found around an instruction where no physical memory is to be had', async () => {
    const memory = new MadeMemory().room(TEXT, 0x40_0000);
    expect(await imageAround(memory, TEXT + 0x31_2345n)).toBe(TEXT);
    expect(memory.reads).toBe(3);
    expect(await imageAround(memory, 0x40_1000n)).toBeNull();
    expect(await imageAround(memory, 0xffff_ffff_9000_0000n)).toBeNull();
    const blind = { read: memory.read.bind(memory), physical: null };
    expect(await locate(blind, [{ cr3: null, cr4: 0n, ip: TEXT + 5n }])).toEqual({
      text: TEXT,
      rodata: null,
      banner: null,
      tables: null,
    });
  });
});
