import { describe, expect, it } from 'vitest';
import { bitsToFloat, formatFloat } from './c-number.ts';
import { formatsText } from './formats.ts';

describe('numbers as C writes them', () => {
  it.each([
    [1.5, 'f', 6, '1.500000'],
    [1e22, 'f', 1, '10000000000000000000000.0'],
    [-0.125, 'e', 3, '-1.250e-01'],
    [0, 'g', 6, '0'],
    [100000, 'g', 6, '100000'],
    [1e6, 'g', 6, '1e+06'],
    [0.0001, 'g', 6, '0.0001'],
    [0.00001, 'g', 6, '1e-05'],
    [1.37028e19, 'g', 6, '1.37028e+19'],
    [999999.5, 'g', 6, '1e+06'],
    [1, 'a', 6, '0x1p+0'],
    [-0.15625, 'a', 6, '-0x1.4p-3'],
    [Number.NaN, 'f', 6, 'nan'],
    [Number.NEGATIVE_INFINITY, 'g', 6, '-inf'],
  ] as const)('%d as %%%s', (value, style, precision, text) => {
    expect(formatFloat(value, style, precision)).toBe(text);
  });

  it('are read from bits', () => {
    expect(bitsToFloat(0x3fc00000n, 4)).toBe(1.5);
    expect(bitsToFloat(0x3ff8000000000000n, 8)).toBe(1.5);
  });
});

describe('.formats', () => {
  it('has the documented layout', () => {
    const text = formatsText(0x5f3e2a10n, 32).replace(/Time: .*/, 'Time:');
    expect(text).toBe(
      [
        'Evaluate expression:',
        '  Hex:     5f3e2a10',
        '  Decimal: 1597909520',
        '  Octal:   13717425020',
        '  Binary:  01011111 00111110 00101010 00010000',
        '  Chars:   _>*.',
        '  Time:',
        '  Float:   low 1.37028e+019 high 0',
        '  Double:  7.89472e-315',
      ].join('\n'),
    );
  });

  it('is wider for 64 bits', () => {
    const lines = formatsText(0x8000_0000_0000_0041n, 64).split('\n');
    expect(lines[1]).toBe('  Hex:     80000000`00000041');
    expect(lines[2]).toBe('  Decimal: -9223372036854775743');
    expect(lines[3]).toBe('  Octal:   1000000000000000000101');
    expect(lines[5]).toBe('  Chars:   .......A');
  });

  it('takes what is no time', () => {
    expect(formatsText(0xffff_ffff_ffff_ffffn, 64)).toContain('Invalid');
  });
});
