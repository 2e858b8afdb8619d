import { bitsToFloat, type FloatStyle, formatFloat } from '../../format/c-number.ts';
import type { NumberArgument } from '../evaluate/argument.ts';
import type { Conversion } from './conversions.ts';

/** Width and precision known. */
export interface Field extends Conversion {
  readonly width: number | null;
  readonly precision: number | null;
}

/** An integer as C's `%d %i %u %o %x %X` write it; `wordSize`: bytes of the target's long. */
export function integerText(field: Field, { integer }: NumberArgument, wordSize: 4 | 8): string {
  const bits = bitsOf(field.size, wordSize);
  const isSigned = /[di]/.test(field.letter);
  const value = isSigned ? BigInt.asIntN(bits, integer) : BigInt.asUintN(bits, integer);
  const negative = value < 0n;
  const base = { o: 8, x: 16, X: 16 }[field.letter] ?? 10;
  let digits = (negative ? -value : value).toString(base);
  if (field.precision === 0 && value === 0n) digits = '';
  digits = digits.padStart(field.precision ?? 0, '0');
  if (field.flags.includes('#') && field.letter === 'o' && !digits.startsWith('0')) digits = `0${digits}`;
  const prefix = field.flags.includes('#') && base === 16 && value !== 0n ? '0x' : '';
  const text = padded(field, signOf(field, negative, isSigned) + prefix, digits, field.precision === null);
  return field.letter === 'X' ? text.toUpperCase() : text;
}

/** `l` is the target's long; Windows' own, of 32 bits, would cut numbers of Linux programs. */
function bitsOf(size: string, wordSize: 4 | 8): number {
  if (size === 'hh') return 8;
  if (size === 'h') return 16;
  if (size === 'I64' || size === 'll') return 64;
  return size === 'l' || size === 'I' ? wordSize * 8 : 32;
}

/** A number as C's `%e %f %g` write it; without a type its bits count, 32 of them, or with `l` 64. */
export function floatText(field: Field, { integer, float }: NumberArgument): string {
  const value = float ?? bitsToFloat(integer, /^(?:l|ll|I64)$/.test(field.size) ? 8 : 4);
  const negative = value < 0 || Object.is(value, -0);
  const style = field.letter.toLowerCase() as FloatStyle;
  const digits = formatFloat(Math.abs(value), style, field.precision ?? 6, 2, field.flags.includes('#'));
  const text = padded(field, signOf(field, negative, true), digits, Number.isFinite(value));
  return /[EFG]/.test(field.letter) ? text.toUpperCase() : text;
}

function signOf({ flags }: Field, negative: boolean, isSigned: boolean): string {
  if (negative) return '-';
  if (!isSigned) return '';
  return flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
}

/** `before`: sign and prefix, which zeros follow. */
export function padded({ flags, width }: Field, before: string, digits: string, zeros: boolean): string {
  const wanted = Math.max(0, (width ?? 0) - before.length);
  if (flags.includes('-')) return (before + digits).padEnd(width ?? 0);
  if (flags.includes('0') && zeros) return before + digits.padStart(wanted, '0');
  return (before + digits).padStart(width ?? 0);
}
