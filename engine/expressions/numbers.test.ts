import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseNumber } from './numbers.ts';

describe('numbers of the MASM evaluator', () => {
  it.each([
    ['10', 16, 0x10n],
    ['10', 10, 10n],
    ['10', 8, 8n],
    ['add', 16, 0xaddn],
    ['0x1F', 10, 0x1fn],
    ['1fh', 10, 0x1fn],
    ['0n31', 16, 31n],
    ['0t37', 16, 31n],
    ['0y11111', 16, 31n],
    ['0n', 16, 0n],
    ['00007fff`f7d8a740', 10, 0x7ffff7d8a740n],
    ['ffffffffffffffff', 16, 0xffffffffffffffffn],
  ] as const)('%s in base %d', (word, radix, value) => {
    expect(parseNumber(word, radix)).toBe(value);
  });

  it.each([
    ['1f', 10],
    ['9', 8],
    ['main', 16],
    ['0n1f', 16],
    ['0y12', 10],
    ['10000000000000000', 16],
    ['`1', 16],
    ['', 16],
  ] as const)('%s in base %d is none', (word, radix) => {
    expect(parseNumber(word, radix)).toBeNull();
  });

  it('reads what it is written as, in every notation', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (value) => {
        const hex = value.toString(16);
        const split = `${hex.padStart(16, '0').slice(0, 8)}\`${hex.padStart(16, '0').slice(8)}`;
        const texts = [
          hex,
          `0x${hex}`,
          `${hex}h`,
          split,
          `0n${value}`,
          `0t${value.toString(8)}`,
          `0y${value.toString(2)}`,
        ];
        for (const text of texts) expect(parseNumber(text, 16)).toBe(value);
      }),
    );
  });
});
