import type { ValueNode } from '../../engine/protocol/views.ts';

/** How a whole number can be shown otherwise than its type says. */
export const valueFormats = [
  { id: '', text: 'As its type' },
  { id: 'x', text: 'Hexadecimal' },
  { id: 'd', text: 'Decimal' },
  { id: 'u', text: 'Decimal, unsigned' },
  { id: 'o', text: 'Octal' },
  { id: 't', text: 'Binary' },
  { id: 'c', text: 'Character' },
] as const;

export type ValueFormat = (typeof valueFormats)[number]['id'];

export const asValueFormat = (id: string): ValueFormat =>
  valueFormats.find((format) => format.id === id)?.id ?? '';

/** In WinDbg's words for bases; what has no bits is shown as it is. */
export function formatted({ value, bits }: Pick<ValueNode, 'value' | 'bits'>, format: ValueFormat): string {
  if (format === '' || bits === undefined) return value;
  const number = BigInt(`0x${bits}`);
  const size = bits.length * 4;
  switch (format) {
    case 'x':
      return `0x${bits}`;
    case 'd':
      return `0n${BigInt.asIntN(size, number)}`;
    case 'u':
      return `0n${number}`;
    case 'o':
      return `0t${number.toString(8)}`;
    case 't':
      return `0y${number.toString(2).padStart(size, '0')}`;
    case 'c':
      return number >= 0x20n && number <= 0x10ffffn && number !== 0x7fn
        ? `${number} '${String.fromCodePoint(Number(number))}'`
        : `${number} ''`;
  }
}
