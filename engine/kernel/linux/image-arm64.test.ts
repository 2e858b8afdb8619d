import { expect, it } from 'vitest';
import { kernelPagesArm64, locateArm64 } from './image-arm64.ts';
import { MadeMemory } from './testing/memory.ts';

const CODE = 0xffff_8000_1020_0000n;
const BANNER = 'Linux version 6.1.0-56-arm64 (a@b) (gcc) #1 SMP Debian\n\0';
const [READ_ONLY, NO_EXECUTE] = [1n << 7n, 1n << 53n];
/** 48 bits of address, pages of 4 KB. */
const TCR = (2n << 30n) | (16n << 16n) | 16n;

/** One block of code (2 MB) and two pages, read-only data of a page and a block, then what may be written. */
function machine(): MadeMemory {
  const memory = new MadeMemory();
  for (const at of [0x1000n, 0x2000n, 0x3000n, 0x4000n, 0x5000n]) memory.room(at, 4096);
  const index = (address: bigint, shift: bigint) => ((address >> shift) & 511n) * 8n;
  memory.word(0x1000n + index(CODE, 39n), 0x2003n).word(0x2000n + index(CODE, 30n), 0x3003n);
  const block = 0x3000n + index(CODE, 21n);
  memory.word(block, 0x4020_0001n | READ_ONLY).word(block + 8n, 0x4003n);
  memory.word(0x4000n, 0x4060_0003n | READ_ONLY).word(0x4008n, 0x4060_1003n | READ_ONLY);
  memory.word(0x4010n, 0x4060_2003n | READ_ONLY | NO_EXECUTE).word(0x4018n, 0x4060_3003n | NO_EXECUTE);
  return memory.room(0x4060_2000n, 4096).text(0x4060_2000n, `x\0${BANNER}`);
}

const arm64 = { ttbr1: 0x1000n, tcr: TCR };
const processor = { cr3: null, cr4: 0n, ip: CODE + 0x1234n, arm64 };

it('is found around an instruction, or by the vectors where a processor is in a program', async () => {
  const found = {
    // Its header comes before what is mapped as code.
    text: CODE - 0x1_0000n,
    rodata: { start: CODE + 0x20_2000n, end: CODE + 0x20_3000n },
    tables: null,
    banner: BANNER.replace('\n\0', ''),
  };
  expect(await locateArm64(machine(), processor)).toEqual(found);
  const inProgram = { ...processor, ip: 0x40_0000n, vectors: CODE + 0x20_1800n };
  expect(await locateArm64(machine(), inProgram)).toEqual(found);
});

it.each([
  ['no registers of EL1', { ...processor, arm64: null }],
  ['an instruction in data', { ...processor, ip: CODE + 0x20_3000n }],
  ['an instruction in a program, and no vectors', { ...processor, ip: 0x40_0000n }],
  ['pages of 64 KB', { ...processor, arm64: { ...arm64, tcr: (3n << 30n) | (16n << 16n) } }],
])('is not found with %s', async (_what, one) => {
  expect(await locateArm64(machine(), one)).toBeNull();
});

it('has its own addresses translated', async () => {
  const physical = kernelPagesArm64(machine().physical, arm64);
  expect(await physical(CODE + 0x1_2345n)).toBe(0x4021_2345n);
  expect(await physical(CODE + 0x20_2010n)).toBe(0x4060_2010n);
  expect(await physical(CODE + 0x40_0000n)).toBeNull();
});
