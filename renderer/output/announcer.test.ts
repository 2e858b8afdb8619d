import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Announcer } from './announcer.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test('speaks once the output has gone quiet', () => {
  const announcer = new Announcer();
  announcer.add(['one']);
  vi.advanceTimersByTime(400);
  announcer.add(['two']);
  vi.advanceTimersByTime(400);
  expect(announcer.spoken.get()).toBe('');
  vi.advanceTimersByTime(100);
  expect(announcer.spoken.get()).toBe('one\ntwo');
});

test('of a flood it speaks the last lines and how many came before', () => {
  const announcer = new Announcer();
  announcer.add(Array.from({ length: 5000 }, (_, i) => `line ${i}`));
  vi.runAllTimers();
  expect(announcer.spoken.get()).toMatch(/^4,994 lines, then:\nline 4994\n/);
});
