import { expect, it } from 'vitest';
import { flagsArm64, halfOf, walkArm64 } from './arm64.ts';

/** 48 bits below, 39 above, 4 KB both. */
const TCR = (2n << 30n) | (25n << 16n) | 16n;
const tables = { ttbr0: (7n << 48n) | 0x1001n, ttbr1: 0x2000n, tcr: TCR };
const UXN = 1n << 54n;
const PXN = 1n << 53n;
const DBM = 1n << 51n;
const memory = new Map<bigint, bigint>([
  // Low, four levels: 1000 -> 5000 -> (1 GB), 6000 -> (2 MB), 7000 -> a page.
  [0x1000n + 5n * 8n, 0x5003n],
  [0x5000n, UXN | 0x4000_0701n],
  [0x5000n + 8n, (1n << 61n) | (1n << 60n) | 0x6003n],
  [0x6000n, UXN | PXN | 0x60_0405n],
  [0x6000n + 8n, 0x7003n],
  [0x6000n + 16n, 0xdead_0003n],
  [0x7000n, PXN | DBM | 0x7_7f43n],
  // A page's entry that is a block elsewhere is none.
  [0x7008n, 0x7_8f41n],
  // High, three levels: 2000 -> 8000 -> 9000 -> a page.
  [0x2000n + 511n * 8n, (1n << 62n) | 0x8003n],
  [0x8000n, 0x9003n],
  [0x9000n + 8n, UXN | 0xa_0f8bn],
]);
const read = async (at: bigint) => (at >= 0x1_0000n ? null : (memory.get(at) ?? 0n));
const walk = (address: bigint) => walkArm64(read, halfOf(tables, address), address);
/** 0: cached, 1: device, 2: written through. */
const MAIR = 0xbb_00_ffn;
const LOW = 5n << 39n;
const HIGH = 0xffff_ffff_c000_0000n;

it('walks the low half, to blocks and pages', async () => {
  expect(await walk(LOW + 0x1234n)).toMatchObject({ physical: 0x4000_1234n, pageSize: 1 << 30 });
  expect(await walk(LOW + 0x4000_0010n)).toMatchObject({ physical: 0x60_0010n, pageSize: 2 << 20 });
  const page = await walk(LOW + 0x4020_0010n);
  expect(page).toMatchObject({ physical: 0x7_7010n, pageSize: 4096 });
  expect(page.entries.map(({ level }) => level)).toEqual(['PXE', 'PPE', 'PDE', 'PTE']);
  expect(page.entries.map((entry) => flagsArm64(entry, MAIR, 'TTBR0'))).toEqual([
    '--------WEV',
    '-------KW-V',
    '--------WEV',
    '---DA--UWEV',
  ]);
  // A tag in the top byte is no part of the address.
  expect(await walk((0xa5n << 56n) | (LOW + 0x1234n))).toMatchObject({ physical: 0x4000_1234n });
});

it('walks the high half, from the level that its width begins with', async () => {
  const page = await walk(HIGH + 0x1018n);
  expect(page).toMatchObject({ physical: 0xa_0018n, pageSize: 4096 });
  expect(page.entries.map(({ level }) => level)).toEqual(['PPE', 'PDE', 'PTE']);
  expect(page.entries.map((entry) => flagsArm64(entry, MAIR, 'TTBR1'))).toEqual([
    '--------REV',
    '--------WEV',
    '----A-TKREV',
  ]);
});

it('tells blocks of devices from memory, and knows no more than it is told', async () => {
  const [, , device] = (await walk(LOW + 0x4000_0010n)).entries;
  if (!device) throw new Error('no entry');
  expect(flagsArm64(device, MAIR, 'TTBR0')).toBe('-GL-AN-KW-V');
  expect(flagsArm64(device, null, 'TTBR0')).toBe('-GL-A--KW-V');
});

it('says where it ends: outside of both halves, not mapped, or a table that cannot be read', async () => {
  for (const outside of [0x0001_0000_0000_0000n, 0xffff_ff00_0000_0000n])
    expect(await walk(outside)).toMatchObject({ entries: [], physical: null });
  expect(await walk(LOW + 0x8000_0000n)).toMatchObject({ physical: null, unreadable: null });
  expect((await walk(LOW + 0x4020_1000n)).entries.at(-1)).toMatchObject({ level: 'PTE', leaf: false });
  expect(await walk(LOW + 0x4040_0000n)).toMatchObject({ physical: null, unreadable: 0xdead_0000n });
});

it('reads the granule and the width of each half', () => {
  const granules = (tcr: bigint) =>
    [LOW, HIGH].map((address) => halfOf({ ...tables, tcr }, address).otherGranule);
  expect(granules((1n << 30n) | (1n << 14n))).toEqual([64, 16]);
  expect(granules((3n << 30n) | (2n << 14n))).toEqual([16, 64]);
  expect(granules(TCR)).toEqual([null, null]);
  expect(halfOf(tables, LOW)).toMatchObject({ bits: 48, root: 0x1000n, name: 'TTBR0' });
  expect(halfOf(tables, HIGH)).toMatchObject({ bits: 39, root: 0x2000n, name: 'TTBR1' });
});
