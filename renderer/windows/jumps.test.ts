import { expect, test } from 'vitest';
import { laneRows } from './jumps.ts';

const line = (at: number, to: number | null) => ({
  id: String(at),
  address: `0x${at}`,
  target: to === null ? null : `0x${to}`,
});

test('jumps that overlap are in lanes of their own, the short one nearest', () => {
  const rows = laneRows([line(0, 4), line(1, null), line(2, 1), line(3, null), line(4, null), line(5, 99)]);
  expect(rows.get('0')).toEqual([{ lane: 1, above: false, below: true, end: 'from', address: '0x0' }]);
  expect(rows.get('1')).toEqual([
    { lane: 0, above: false, below: true, end: 'to', address: '0x2' },
    { lane: 1, above: true, below: true, end: null, address: '0x0' },
  ]);
  expect(rows.get('4')).toEqual([{ lane: 1, above: true, below: false, end: 'to', address: '0x0' }]);
  expect(rows.has('5')).toBe(false);
});

test('of more than there is room for the longest are left out', () => {
  const nested = Array.from({ length: 20 }, (_, at) => line(at, at < 10 ? 19 - at : null));
  const lanes = [...laneRows(nested).values()].flat().map(({ lane }) => lane);
  expect(Math.max(...lanes)).toBe(5);
});
