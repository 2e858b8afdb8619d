import { expect, test } from 'vitest';
import { History } from './history.ts';

test('up goes back, down returns to what was being typed', () => {
  const history = new History();
  history.load(['k', 'r']);
  history.add('lm');
  expect(history.up('dra')).toBe('lm');
  expect(history.up('lm')).toBe('r');
  expect(history.up('r')).toBe('k');
  expect(history.up('k')).toBeNull();
  expect(history.down()).toBe('r');
  expect(history.down()).toBe('lm');
  expect(history.down()).toBe('dra');
  expect(history.down()).toBeNull();
});

test('neither empty commands nor the same one twice in a row are kept', () => {
  const history = new History();
  expect(history.add('k')).toBe(true);
  expect(history.add('k')).toBe(false);
  expect(history.add('  ')).toBe(false);
  expect(history.add('r')).toBe(true);
  expect(history.add('k')).toBe(true);
});

test('what an earlier start left comes before what was typed meanwhile', () => {
  const history = new History();
  history.add('new');
  history.load(['old']);
  expect(history.up('')).toBe('new');
  expect(history.up('new')).toBe('old');
});

test('an edited entry is a draft again', () => {
  const history = new History();
  history.load(['a', 'b']);
  history.up('');
  history.edited();
  expect(history.up('b2')).toBe('b');
  expect(history.down()).toBe('b2');
});
