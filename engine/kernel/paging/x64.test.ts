import { expect, it } from 'vitest';
import { flagsX64, walkX64 } from './x64.ts';

const NX = 1n << 63n;
const memory = new Map<bigint, bigint>([
  // Five levels: 1000 -> 2000 -> 3000 -> (1 GB), 4000 -> (2 MB), 5000 -> a page.
  [0x1000n + 511n * 8n, 0x2003n],
  [0x2000n + 511n * 8n, 0x3003n],
  [0x3000n, 0x4000_0083n],
  [0x3000n + 8n, 0x4003n],
  [0x4000n, 0x20_01e3n],
  [0x4000n + 8n, 0x5003n],
  [0x5000n, NX | 0x7_7025n],
  [0x4000n + 16n, 0xdead_0003n],
]);
const read = async (at: bigint) => (at >= 0x1_0000n ? null : (memory.get(at) ?? 0n));
const TOP = 0xffff_ff80_0000_0000n;

it('walks four and five levels, to pages of every size', async () => {
  const four = (address: bigint) => walkX64(read, 0x2fffn, false, address);
  expect(await four(TOP + 0x1234n)).toMatchObject({ physical: 0x4000_1234n, pageSize: 1 << 30 });
  expect(await four(TOP + 0x4000_0010n)).toMatchObject({ physical: 0x20_0010n, pageSize: 2 << 20 });
  const page = await four(TOP + 0x4020_0010n);
  expect(page).toMatchObject({ physical: 0x7_7010n, pageSize: 4096 });
  expect(page.entries.map(({ level }) => level)).toEqual(['PXE', 'PPE', 'PDE', 'PTE']);
  expect(page.entries.map(flagsX64)).toEqual(['-------KWEV', '-------KWEV', '-------KWEV', '----A--UR-V']);
  const five = await walkX64(read, 0x1000n, true, TOP + 0x4000_0010n);
  expect(five.entries.map(({ level }) => level)).toEqual(['PML5E', 'PXE', 'PPE', 'PDE']);
  expect(five.entries.map(flagsX64).at(-1)).toBe('-GLDA--KWEV');
});

it('says where it ends: not mapped, or a table that cannot be read', async () => {
  const none = await walkX64(read, 0x2000n, false, TOP + 0x8000_0000n);
  expect(none).toMatchObject({ physical: null, unreadable: null });
  expect(none.entries).toHaveLength(2);
  const lost = await walkX64(read, 0x2000n, false, TOP + 0x4040_0000n);
  expect(lost).toMatchObject({ physical: null, unreadable: 0xdead_0000n });
});
