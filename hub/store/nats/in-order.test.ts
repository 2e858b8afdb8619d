import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type Envelope, InOrder } from './in-order.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const PATIENCE = 500;
const from = (sender: string) => (n: number, after: number | null) =>
  ({ from: sender, n, after, message: `${sender}${n}` }) satisfies Envelope;
const a = from('a');
const b = from('b');

function listener() {
  const heard: unknown[] = [];
  const inOrder = new InOrder<string>(PATIENCE, (message) => void heard.push(message));
  return { heard, inOrder, take: (envelope: Envelope) => inOrder.take(envelope, '') };
}

it('hands on at once what comes in order, and each once', () => {
  const { heard, take } = listener();
  for (const envelope of [a(4, null), a(7, 4), a(4, null), a(9, null), a(7, 4)]) take(envelope);
  expect(heard).toEqual(['a4', 'a7', 'a9']);
});

it('lets one that overtook others wait for them', () => {
  const { heard, take } = listener();
  take(a(4, 3));
  take(a(3, 2));
  take(b(1, null));
  take(a(4, 3));
  expect(heard).toEqual(['b1']);
  take(a(2, null));
  expect(heard).toEqual(['b1', 'a2', 'a3', 'a4']);
});

it('goes on without what is lost, and does not take it afterwards', () => {
  const { heard, take } = listener();
  take(a(9, 8));
  vi.advanceTimersByTime(PATIENCE / 2);
  take(a(6, 5));
  take(a(7, 6));
  expect(heard).toEqual([]);
  vi.advanceTimersByTime(PATIENCE / 2);
  expect(heard).toEqual(['a6', 'a7', 'a9']);
  for (const envelope of [a(5, null), a(8, 7), a(10, 9)]) take(envelope);
  expect(heard).toEqual(['a6', 'a7', 'a9', 'a10']);
  vi.advanceTimersByTime(PATIENCE);
  expect(heard).toEqual(['a6', 'a7', 'a9', 'a10']);
});

it('hands nothing on after its end', () => {
  const { heard, inOrder, take } = listener();
  take(a(2, 1));
  inOrder.end();
  vi.advanceTimersByTime(PATIENCE);
  take(a(1, null));
  expect(heard).toEqual([]);
  expect(vi.getTimerCount()).toBe(0);
});
