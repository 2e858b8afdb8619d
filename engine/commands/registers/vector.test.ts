import { describe, expect, it } from 'vitest';
import { extendedBits, extendedText } from './vector.ts';

describe('numbers of the floating-point unit', () => {
  it.each([0, -0, 1, -2.5, 1e300, 5e-324, 2.2250738585072014e-308, 123456789.125])('keep %s', (value) => {
    expect(Number(extendedText(extendedBits(value)))).toBe(value);
  });

  it('know infinity and what is no number', () => {
    expect(extendedText(extendedBits(Number.POSITIVE_INFINITY))).toContain('inf');
    expect(extendedText(extendedBits(Number.NEGATIVE_INFINITY))).toBe('-inf');
    expect(extendedText(extendedBits(Number.NaN))).toContain('nan');
  });
});
