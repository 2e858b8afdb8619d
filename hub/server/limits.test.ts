import { expect, it } from 'vitest';
import { Refusals } from './limits.ts';

it('tells of refused attempts from an address once a minute, and then of how many there were', () => {
  let now = 5000;
  const refusals = new Refusals(() => now);
  const after = (ms: number, address: string) => {
    now += ms;
    return refusals.count(address);
  };
  expect(after(0, '192.0.2.1')).toBe(1);
  expect(after(10, '192.0.2.1')).toBeNull();
  expect(after(10, '192.0.2.2')).toBe(1);
  expect(after(59_000, '::ffff:192.0.2.1')).toBeNull();
  expect(after(1000, '192.0.2.1')).toBe(3);
  expect(after(59_999, '192.0.2.1')).toBeNull();
  expect(after(1, '192.0.2.1')).toBe(2);
});
