import { expect, test } from 'vitest';
import { memoryRows } from './memory-rows.ts';

const view = (address: string, bytes: string) => ({ base: address, address, bytes, pointerSize: 8 as const });

test('bytes are put together as numbers, and what cannot be read stays apart', () => {
  const [first, second, ...others] = memoryRows(
    view('0xffffffffffffffe0', '68656c6c6f20776f726c640041420d0a??????ff'),
    null,
    4,
    16,
  );
  expect(others).toEqual([]);
  expect(first?.id).toBe('0xffffffffffffffe0');
  expect(first?.cells.map(({ digits }) => digits)).toEqual(['6c6c6568', '6f77206f', '00646c72', '0a0d4241']);
  expect(first?.characters).toBe('hello world.AB..');
  expect(second?.cells).toEqual([{ address: '0xfffffffffffffff0', digits: 'ff??????', changed: false }]);
  expect(second?.characters).toBe('???.');
});

test('what has changed is known by its address, though one has scrolled', () => {
  const now = view('0x110', '00112233445566778899aabbccddeeff');
  const before = view('0x100', `${'00'.repeat(16)}00112233445566778899aabbccddee00`);
  const changed = (size: 1 | 4) =>
    memoryRows(now, before, size, 16).flatMap(({ cells }) => cells.filter((each) => each.changed));
  expect(changed(1).map(({ address }) => address)).toEqual(['0x11f']);
  expect(changed(4).map(({ address }) => address)).toEqual(['0x11c']);
  expect(memoryRows(now, view('0x900', 'ff'), 1, 16)[0]?.cells.some((each) => each.changed)).toBe(false);
});
