/** Numbers as C's printf writes them. `precision`: digits behind the point for e and f, digits in all for g. */
export type FloatStyle = 'e' | 'f' | 'g' | 'a';

/**
 * @param exponentDigits at least: 2 in C, 3 in Microsoft's library of old
 * @param keepZeros C's flag `#`: a point always, and with g the zeros behind it
 */
export function formatFloat(
  value: number,
  style: FloatStyle,
  precision = 6,
  exponentDigits = 2,
  keepZeros = false,
): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value < 0 ? '-inf' : 'inf';
  if (style === 'a') return hexFloat(value);
  const text =
    style === 'f'
      ? fixed(value, precision)
      : style === 'e'
        ? exponent(value.toExponential(Math.min(precision, 100)), exponentDigits)
        : general(value, precision === 0 ? 1 : precision, exponentDigits, keepZeros);
  return keepZeros && !text.includes('.') ? text.replace(/(?=e|$)/, '.') : text;
}

/** `toFixed` gives up at 1e21. */
function fixed(value: number, precision: number): string {
  if (Math.abs(value) < 1e21) return value.toFixed(Math.min(precision, 100));
  const digits = BigInt(value).toString();
  return precision === 0 ? digits : `${digits}.${'0'.repeat(Math.min(precision, 100))}`;
}

function exponent(text: string, digits: number): string {
  return text.replace(/e([+-])(\d+)$/, (_, sign, number) => `e${sign}${number.padStart(digits, '0')}`);
}

function general(value: number, precision: number, exponentDigits: number, keepZeros: boolean): string {
  const digits = Math.min(precision, 100);
  const scientific = value.toExponential(digits - 1);
  const power = Number(scientific.slice(scientific.indexOf('e') + 1));
  const isSmall = power < -4 || power >= precision;
  const text = isSmall ? scientific : fixed(value, Math.max(0, digits - 1 - power));
  const [mantissa = '', tail = ''] = text.split(/(?=e)/);
  const short = keepZeros || !mantissa.includes('.') ? mantissa : mantissa.replace(/\.?0+$/, '');
  return exponent(`${short}${tail}`, exponentDigits);
}

function hexFloat(value: number): string {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const sign = bits >> 63n === 0n ? '' : '-';
  const power = Number((bits >> 52n) & 0x7ffn);
  const fraction = (bits & 0xf_ffff_ffff_ffffn).toString(16).padStart(13, '0').replace(/0+$/, '');
  if (power === 0 && fraction === '') return `${sign}0x0p+0`;
  const shown = power === 0 ? -1022 : power - 1023;
  return `${sign}0x${power === 0 ? 0 : 1}${fraction === '' ? '' : `.${fraction}`}p${shown < 0 ? '' : '+'}${shown}`;
}

/** The low 32 bits as a float, or all as a double. */
export function bitsToFloat(bits: bigint, size: 4 | 8): number {
  const view = new DataView(new ArrayBuffer(8));
  if (size === 8) view.setBigUint64(0, BigInt.asUintN(64, bits));
  else view.setUint32(0, Number(BigInt.asUintN(32, bits)));
  return size === 8 ? view.getFloat64(0) : view.getFloat32(0);
}

export function floatToBits(value: number, size: 4 | 8): bigint {
  const view = new DataView(new ArrayBuffer(8));
  if (size === 4) view.setFloat32(0, value);
  else view.setFloat64(0, value);
  return size === 4 ? BigInt(view.getUint32(0)) : view.getBigUint64(0);
}
