import { expect, it } from 'vitest';
import type { Layouts } from './layouts.ts';
import { logLines, readLog } from './log.ts';
import type { LinuxTarget } from './target.ts';
import { MadeMemory } from './testing/memory.ts';

const PRB = 0xffff_ffff_8200_0000n;
const RING = 0xffff_ffff_8200_1000n;
const DESCRIPTORS = 0xffff_ffff_8200_2000n;
const INFOS = 0xffff_ffff_8200_3000n;
const TEXT = 0xffff_ffff_8200_4000n;
const COUNT = 8n;
const SIZE = 256n;

/** As 6.1 has them. */
const OFFSETS: Readonly<Record<string, number>> = {
  'printk_ringbuffer.desc_ring.count_bits': 0,
  'printk_ringbuffer.desc_ring.descs': 8,
  'printk_ringbuffer.desc_ring.infos': 16,
  'printk_ringbuffer.desc_ring.head_id': 24,
  'printk_ringbuffer.desc_ring.tail_id': 32,
  'printk_ringbuffer.text_data_ring.size_bits': 48,
  'printk_ringbuffer.text_data_ring.data': 56,
  'prb_desc.state_var': 0,
  'prb_desc.text_blk_lpos': 8,
  'printk_info.seq': 0,
  'printk_info.ts_nsec': 8,
  'printk_info.text_len': 16,
  'printk_info.facility': 18,
};
const layouts: Layouts = {
  offset: async (struct, path) => OFFSETS[`${struct}.${path}`] ?? null,
  size: async (struct) => ({ prb_desc: 24, printk_info: 88 })[struct] ?? null,
};

/** The kernel's own way to put records into its ring, with what does not fit before the end laid at the beginning. */
function ring(
  texts: readonly (string | null)[],
  unfinished: readonly number[] = [],
): LinuxTarget & { memory: MadeMemory } {
  const memory = new MadeMemory()
    .room(PRB, 8)
    .room(RING, 88)
    .room(DESCRIPTORS, 24 * Number(COUNT))
    .room(INFOS, 88 * Number(COUNT))
    .room(TEXT, Number(SIZE));
  memory
    .word(PRB, RING)
    .half(RING, 3)
    .half(RING + 48n, 8);
  memory
    .word(RING + 8n, DESCRIPTORS)
    .word(RING + 16n, INFOS)
    .word(RING + 56n, TEXT);
  // Numbers of descriptors begin anywhere.
  const firstId = 0x3fff_ffff_ffff_fffdn;
  const id = (index: number) => (firstId + BigInt(index)) & ((1n << 62n) - 1n);
  let position = 0n;
  texts.forEach((text, index) => {
    const at = DESCRIPTORS + 24n * (id(index) % COUNT);
    const info = INFOS + 88n * (id(index) % COUNT);
    memory.word(at, id(index) | ((unfinished.includes(index) ? 0n : 2n) << 62n));
    memory.word(info, BigInt(index)).word(info + 8n, BigInt(index) * 1_500_000_000n);
    const size = Buffer.byteLength(text ?? '');
    memory.word(info + 16n, BigInt(size) | (3n << 16n) | (6n << 29n));
    if (text === null) {
      memory.word(at + 8n, 1n).word(at + 16n, 1n);
      return;
    }
    const length = BigInt(8 + Math.ceil(size / 8) * 8);
    let next = position + length;
    let place = position;
    if (position / SIZE !== next / SIZE) {
      place = next - (next % SIZE);
      next = place + length;
    }
    memory.word(at + 8n, position).word(at + 16n, next);
    memory.word(TEXT + (place % SIZE), id(index)).write(TEXT + (place % SIZE) + 8n, Buffer.from(text));
    position = next;
  });
  memory
    .word(RING + 24n, id(texts.length - 1))
    .word(RING + 32n, id(Math.max(0, texts.length - Number(COUNT))));
  return {
    machine: 'x86-64',
    memory,
    layouts,
    symbol: (name) => (name === 'prb' ? PRB : null),
    check: () => {},
  };
}

const texts = (records: Awaited<ReturnType<typeof readLog>>) => records?.map(({ text }) => text);

it('reads what the ring holds, oldest first, around its ends', async () => {
  const all = Array.from({ length: 11 }, (_, index) => `record ${index} ${'x'.repeat(index)}`);
  const target = ring(all);
  const records = await readLog(target, 100);
  expect(texts(records)).toEqual(all.slice(3));
  expect(records?.at(-1)).toEqual({ sequence: 10n, time: 15_000_000_000n, level: 6, text: all[10] });
  // Pointer, ring, two parts each of descriptors, infos and texts.
  expect(target.memory.reads).toBeLessThanOrEqual(8);
});

it('reads no more than is asked for', async () => {
  const target = ring(['one', 'two', 'three', 'four']);
  expect(texts(await readLog(target, 2))).toEqual(['three', 'four']);
});

it('leaves out what is being written, and shows what has no text', async () => {
  expect(texts(await readLog(ring(['one', null, 'written', 'last'], [2]), 10))).toEqual(['one', '', 'last']);
});

it('says nothing where there is no such log', async () => {
  const target = ring(['one']);
  expect(await readLog({ ...target, symbol: () => null }, 10)).toBeNull();
  expect(
    await readLog({ ...target, layouts: { offset: async () => null, size: async () => null } }, 10),
  ).toBeNull();
});

it('is shown as dmesg shows it', () => {
  const record = { sequence: 1n, level: 6, time: 12_345_678_901n, text: 'größe\ttab\n\x1b[2Jsecond' };
  expect(logLines(record)).toEqual(['[   12.345678] größe\ttab', '[   12.345678] \\x1b[2Jsecond']);
});
