import { hex64, hexDigits } from './address.ts';
import { bitsToFloat, formatFloat } from './c-number.ts';
import { shortDate } from './time.ts';

/** What `.formats` shows of a number; `bits` wide. */
export function formatsText(value: bigint, bits: 32 | 64): string {
  const wide = bits === 64;
  const bytes = Array.from({ length: bits / 8 }, (_, index) =>
    Number((value >> BigInt(bits - 8 * (index + 1))) & 0xffn),
  );
  const g = (number: number): string => formatFloat(number, 'g', 6, 3);
  return [
    'Evaluate expression:',
    `  Hex:     ${wide ? hex64(value) : hexDigits(value, 8)}`,
    `  Decimal: ${BigInt.asIntN(bits, value)}`,
    `  Octal:   ${value.toString(8).padStart(wide ? 22 : 11, '0')}`,
    `  Binary:  ${bytes.map((byte) => byte.toString(2).padStart(8, '0')).join(' ')}`,
    `  Chars:   ${bytes.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('')}`,
    `  Time:    ${timeText(value)}`,
    `  Float:   low ${g(bitsToFloat(value, 4))} high ${g(bitsToFloat(value >> 32n, 4))}`,
    `  Double:  ${g(bitsToFloat(value, 8))}`,
  ].join('\n');
}

/** Ticks of 100 ns from 1601 to 1970. */
const FILETIME_EPOCH = 116_444_736_000_000_000n;

/** Up to 32 bits seconds since 1970; else Windows' FILETIME, with milliseconds. */
function timeText(value: bigint): string {
  if (value <= 0xffff_ffffn) return shortDate(new Date(Number(value) * 1000));
  const date = new Date(Number((value - FILETIME_EPOCH) / 10_000n));
  if (Number.isNaN(date.getTime()) || date.getUTCFullYear() > 9999 || value < FILETIME_EPOCH)
    return '***** Invalid';
  const milliseconds = String(date.getMilliseconds()).padStart(3, '0');
  return shortDate(date).replace(/ (\d+)$/, `.${milliseconds} $1`);
}
