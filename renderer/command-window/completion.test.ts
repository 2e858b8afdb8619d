import { expect, test } from 'vitest';
import { advance, commonPrefix, moved, replaceFrom } from './completion.ts';

const items = (...texts: string[]) => texts.map((text) => ({ text, detail: '' }));

test('the only choice is put in, with what follows the caret kept', () => {
  expect(advance('.ser x', 4, { from: 0, items: items('.server') })).toEqual({ text: '.server x', caret: 7 });
});

test('of several, what they have in common', () => {
  const result = { from: 0, items: items('.server', '.servers') };
  expect(commonPrefix(result.items)).toBe('.server');
  expect(advance('.s', 2, result)).toEqual({ text: '.server', caret: 7 });
  expect(advance('.server', 7, result)).toBeNull();
});

test('a choice replaces what was typed of it', () => {
  expect(replaceFrom('k; .fr 2', 3, 6, '.frame')).toEqual({ text: 'k; .frame 2', caret: 9 });
});

test('the selection goes round', () => {
  const offer = { from: 0, items: items('a', 'b'), selected: 0 };
  expect(moved(offer, -1).selected).toBe(1);
  expect(moved(moved(offer, 1), 1).selected).toBe(0);
});
