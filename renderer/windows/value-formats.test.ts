import { expect, test } from 'vitest';
import { formatted } from './value-formats.ts';

test.each([
  ['', 'red (0n-2)'],
  ['x', '0xfffe'],
  ['d', '0n-2'],
  ['u', '0n65534'],
  ['o', '0t177776'],
  ['t', '0y1111111111111110'],
] as const)('as %s', (format, text) => {
  expect(formatted({ value: 'red (0n-2)', bits: 'fffe' }, format)).toBe(text);
});

test('a character, and what has no bits', () => {
  expect(formatted({ value: '0n65', bits: '00000041' }, 'c')).toBe("65 'A'");
  expect(formatted({ value: '0n10', bits: '0a' }, 'c')).toBe("10 ''");
  expect(formatted({ value: '1.5' }, 'x')).toBe('1.5');
});
