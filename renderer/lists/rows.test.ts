import { expect, test } from 'vitest';
import { movedRow, rowsInSight } from './rows.ts';

test('of two thousand rows only those around what is in sight are drawn', () => {
  expect(rowsInSight(2000, 26, 0, 260)).toEqual({ from: 0, to: 18 });
  expect(rowsInSight(2000, 26, 26_000, 260)).toEqual({ from: 992, to: 1018 });
  expect(rowsInSight(2000, 26, 51_740, 260)).toEqual({ from: 1982, to: 2000 });
  // The list became shorter than the scroll position says.
  expect(rowsInSight(3, 26, 26_000, 260)).toEqual({ from: 0, to: 3 });
});

test.each([
  ['ArrowDown', -1, 0],
  ['ArrowDown', 99, 99],
  ['ArrowUp', 0, 0],
  ['ArrowUp', -1, 99],
  ['PageDown', 5, 15],
  ['PageDown', 95, 99],
  ['PageUp', 5, 0],
  ['Home', 50, 0],
  ['End', 50, 99],
  ['x', 50, null],
])('%s from %i leads to %s', (key, from, to) => {
  expect(movedRow(key, from, 100, 10)).toBe(to);
});

test('an empty list has no row to go to', () => {
  for (const key of ['ArrowDown', 'PageUp', 'Home', 'End']) expect(movedRow(key, -1, 0, 10)).toBe(-1);
});
