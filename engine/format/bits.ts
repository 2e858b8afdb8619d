import { address, hexDigits } from './address.ts';
import type { MemorySlice } from './memory.ts';

const PER_LINE = 4;
const GROUP = 8;

/** `dyb`: four bytes a line as bits, and their values; `dyd`: one double word. With lines of headings before them. */
export function bitLines(slice: MemorySlice, count: number, size: 1 | 4, pointerSize: 4 | 8): string[] {
  const indent = ' '.repeat(pointerSize === 8 ? 19 : 10);
  const groups = size === 1 ? PER_LINE : 4;
  const numbers = '76543210';
  const heads =
    size === 1
      ? [`${indent}${row(new Array<string>(groups).fill(numbers))}`]
      : [`${indent} 3          2          1          0`, `${indent}10987654 32109876 54321098 ${numbers}`];
  const lines = [...heads, `${indent}${row(new Array<string>(groups).fill('-'.repeat(GROUP)))}`];
  const perLine = size === 1 ? PER_LINE : 1;
  for (let first = 0; first < count; first += perLine) {
    const at = first * size;
    const elements = Math.min(perLine, count - first);
    const start = address(slice.address + BigInt(at), pointerSize);
    lines.push(`${start}  ${bits(slice, at, elements, size)}  ${values(slice, at, elements, size)}`);
  }
  return lines;
}

const row = (groups: readonly string[]): string => groups.join(' ');

/** The highest byte of a double word comes first. */
function bits(slice: MemorySlice, at: number, elements: number, size: 1 | 4): string {
  const order =
    size === 1 ? Array.from({ length: elements }, (_, index) => at + index) : [at + 3, at + 2, at + 1, at];
  const width = PER_LINE * (GROUP + 1) - 1;
  return row(order.map((place) => byteBits(slice, place))).padEnd(width);
}

function byteBits({ bytes, readable }: MemorySlice, at: number): string {
  if (at >= bytes.length || (readable && readable[at] !== 1)) return '?'.repeat(GROUP);
  return (bytes[at] ?? 0).toString(2).padStart(GROUP, '0');
}

function values({ bytes, readable }: MemorySlice, at: number, elements: number, size: 1 | 4): string {
  const known = (place: number) => place < bytes.length && (!readable || readable[place] === 1);
  if (size === 1) {
    const places = Array.from({ length: elements }, (_, index) => at + index);
    return row(places.map((place) => (known(place) ? hexDigits(bytes[place] ?? 0, 2) : '??')));
  }
  if (![0, 1, 2, 3].every((offset) => known(at + offset))) return '?'.repeat(8);
  return hexDigits(new DataView(bytes.buffer, bytes.byteOffset + at, 4).getUint32(0, true), 8);
}
