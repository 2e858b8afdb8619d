import { expect, test } from 'vitest';
import { formatNamed } from './memory-formats.ts';
import { memoryRows } from './memory-rows.ts';

const view = (address: string, bytes: string) => ({ base: address, address, bytes, pointerSize: 8 as const });

test('bytes are put together as numbers, and what cannot be read stays apart', () => {
  const [first, second, ...others] = memoryRows(
    view('0xffffffffffffffe0', '68656c6c6f20776f726c640041420d0a??????ff'),
    null,
    formatNamed('d'),
    16,
  );
  expect(others).toEqual([]);
  expect(first?.id).toBe('0xffffffffffffffe0');
  expect(first?.cells.map(({ text }) => text)).toEqual(['6c6c6568', '6f77206f', '00646c72', '0a0d4241']);
  expect(first?.characters).toBe('hello world.AB..');
  expect(second?.cells).toEqual([
    { address: '0xfffffffffffffff0', text: 'ff??????', readable: false, changed: false },
  ]);
  expect(second?.characters).toBe('???.');
});

test('what has changed is known by its address, though one has scrolled', () => {
  const now = view('0x110', '00112233445566778899aabbccddeeff');
  const before = view('0x100', `${'00'.repeat(16)}00112233445566778899aabbccddee00`);
  const changed = (format: 'b' | 'd') =>
    memoryRows(now, before, formatNamed(format), 16).flatMap(({ cells }) =>
      cells.filter((each) => each.changed),
    );
  expect(changed('b').map(({ address }) => address)).toEqual(['0x11f']);
  expect(changed('d').map(({ address }) => address)).toEqual(['0x11c']);
  expect(
    memoryRows(now, view('0x900', 'ff'), formatNamed('b'), 16)[0]?.cells.some((each) => each.changed),
  ).toBe(false);
});

test.each([
  ['f', '0000c03f0000c07f', ['1.5', 'NaN']],
  ['D', '9a9999999999b93f', ['0.1']],
  ['a', '4142ff0a??', ['A', 'B', '.', '.', '?']],
  ['u', '4100b0030a00', ['A', 'ΰ', '.']],
  ['p', '3611400000000000', ['0000000000401136']],
] as const)('as %s', (format, bytes, cells) => {
  const row = memoryRows(view('0x10', bytes), null, formatNamed(format), 16)[0];
  expect(row?.cells.map(({ text }) => text)).toEqual(cells);
});

test('what is typed becomes a command of the format', () => {
  const command = (format: string, typed: string) => formatNamed(format).command('0x10', typed);
  expect(command('w', '12ab')).toBe('ew 0x10 0x12ab');
  expect(command('f', '-1.5e3')).toBe('ef 0x10 -1.5e3');
  expect(command('D', '1e')).toBe(null);
  expect(command('a', 'A')).toBe('eb 0x10 0x41');
  expect(command('u', 'ΰ')).toBe('ew 0x10 0x3b0');
});

test('a pointer has the name of what it leads to', () => {
  const named = { ...view('0x10', '00'.repeat(16)), names: { '0x18': 'loop!main' } };
  const rows = memoryRows(named, null, formatNamed('p'), 8);
  expect(rows.map(({ name }) => name)).toEqual(['', 'loop!main']);
});
