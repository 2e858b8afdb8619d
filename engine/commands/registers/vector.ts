import { hexDigits } from '../../format/address.ts';
import { bitsToFloat, floatToBits, formatFloat } from '../../format/c-number.ts';

/** How the elements of a register are shown: `i` signed, `u` unsigned (both with the letter of a size), `f`, `d`. */
export interface ElementFormat {
  readonly kind: 'signed' | 'unsigned' | 'float';
  /** Bytes. */
  readonly size: 1 | 2 | 4 | 8;
}

const SIZES: Readonly<Record<string, 1 | 2 | 4 | 8>> = { b: 1, w: 2, d: 4, q: 8 };

/** `ub`, `iw`, `f`, `d`; null: no format. */
export function elementFormat(text: string): ElementFormat | null {
  const match = /^([iu])([bwdq])$/.exec(text);
  if (match) return { kind: match[1] === 'i' ? 'signed' : 'unsigned', size: SIZES[match[2] ?? 'b'] ?? 1 };
  if (text === 'f') return { kind: 'float', size: 4 };
  return text === 'd' ? { kind: 'float', size: 8 } : null;
}

export const FLOATS: ElementFormat = { kind: 'float', size: 4 };
export const QUADS: ElementFormat = { kind: 'unsigned', size: 8 };

/** The elements of a register of so many bytes, the highest first; `count`: the lowest ones alone. */
export function elementTexts(
  value: bigint,
  bytes: number,
  { kind, size }: ElementFormat,
  count: number | null = null,
): string {
  const all = Math.max(1, Math.floor(bytes / size));
  const shown = count === null ? all : Math.min(count, all);
  const texts: string[] = [];
  for (let index = shown - 1; index >= 0; index--) {
    const bits = BigInt.asUintN(size * 8, value >> BigInt(index * size * 8));
    if (kind === 'unsigned') texts.push(hexDigits(bits, size * 2));
    else if (kind === 'signed') texts.push(String(BigInt.asIntN(size * 8, bits)));
    else texts.push(formatFloat(bitsToFloat(bits, size === 4 ? 4 : 8), 'g', size === 4 ? 6 : 15, 3));
  }
  return texts.join(' ');
}

/** The 80 bits of a register of the floating-point unit, as WinDbg shows them. */
export function extendedText(value: bigint): string {
  const exponent = Number((value >> 64n) & 0x7fffn);
  const fraction = BigInt.asUintN(64, value);
  const sign = (value >> 79n) & 1n ? '-' : ' ';
  if (exponent === 0x7fff) return `${sign}${fraction << 1n === 1n << 64n ? 'inf' : 'nan'}`;
  if (fraction === 0n) return `${sign}0.000000000000000000000e+0000`;
  return `${sign}${decimal(fraction, exponent === 0 ? -16445 : exponent - 16383 - 63)}`;
}

const DIGITS = 22n;

/** `fraction` times two to the power, in 22 digits. */
function decimal(fraction: bigint, power: number): string {
  // As a fraction of whole numbers, scaled until its whole part has the digits.
  const top = power >= 0 ? fraction << BigInt(power) : fraction;
  const bottom = power >= 0 ? 1n : 1n << BigInt(-power);
  let tens = top.toString().length - bottom.toString().length;
  const scaled = (by: bigint) => (by >= 0n ? (top * 10n ** by) / bottom : top / (bottom * 10n ** -by));
  // One digit more than is shown, which is rounded away.
  const rounded = () => (scaled(DIGITS - BigInt(tens)) + 5n) / 10n;
  let digits = rounded();
  while (digits.toString().length !== Number(DIGITS)) {
    tens += digits.toString().length < Number(DIGITS) ? -1 : 1;
    digits = rounded();
  }
  const text = digits.toString();
  const shown = `${text[0]}.${text.slice(1)}`;
  return `${shown}e${tens < 0 ? '-' : '+'}${String(Math.abs(tens)).padStart(4, '0')}`;
}

/** The 80 bits of a number in a register of the floating-point unit. */
export function extendedBits(value: number): bigint {
  const bits = floatToBits(Math.abs(value), 8);
  const [exponent, fraction] = [bits >> 52n, bits & 0xf_ffff_ffff_ffffn];
  const sign = value < 0 || Object.is(value, -0) ? 1n << 79n : 0n;
  if (value === 0) return sign;
  if (exponent === 0x7ffn) return sign | (0x7fffn << 64n) | (1n << 63n) | (fraction << 11n);
  // What has no leading one as a double has one here.
  const lead = exponent === 0n ? BigInt(fraction.toString(2).length) : 53n;
  const whole = exponent === 0n ? fraction : fraction | (1n << 52n);
  const power = (exponent === 0n ? 1n : exponent) - 1023n + 16383n - (53n - lead);
  return sign | (power << 64n) | (whole << (64n - lead));
}
