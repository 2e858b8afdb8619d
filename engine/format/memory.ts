import { address, hexDigits } from './address.ts';

/** How one of the `d*` commands shows memory. */
export interface MemoryFormat {
  /** Bytes of an element. */
  readonly size: 1 | 2 | 4 | 8;
  readonly perLine: number;
  readonly kind: 'integer' | 'float';
  readonly ascii: boolean;
  readonly defaultCount: number;
}

export interface MemorySlice {
  readonly address: bigint;
  readonly bytes: Uint8Array;
  /** 1 where the byte could be read; null: all. */
  readonly readable: Uint8Array | null;
}

const FLOAT_WIDTH = 24;

/** Lines of a memory display; `count` elements from the slice's start on. */
export function memoryLines(
  slice: MemorySlice,
  count: number,
  format: MemoryFormat,
  pointerSize: 4 | 8,
): string[] {
  const lines: string[] = [];
  for (let first = 0; first < count; first += format.perLine) {
    lines.push(memoryLine(slice, first, Math.min(format.perLine, count - first), format, pointerSize));
  }
  return lines;
}

function memoryLine(
  slice: MemorySlice,
  first: number,
  count: number,
  format: MemoryFormat,
  pointerSize: 4 | 8,
): string {
  const from = first * format.size;
  const cells = Array.from({ length: count }, (_, index) => cell(slice, from + index * format.size, format));
  const body = format.size === 1 ? byteCells(cells) : cells.join(' ');
  const start = `${address(slice.address + BigInt(from), pointerSize)}  `;
  if (!format.ascii) return `${start}${body}`;
  const width = format.perLine * (cellWidth(format) + 1) - 1;
  return `${start}${body.padEnd(width)}  ${asciiText(slice, from, count * format.size)}`;
}

/** A dash stands between the eighth and the ninth. */
function byteCells(cells: readonly string[]): string {
  if (cells.length <= 8) return cells.join(' ');
  return `${cells.slice(0, 8).join(' ')}-${cells.slice(8).join(' ')}`;
}

function cellWidth(format: MemoryFormat): number {
  if (format.kind === 'float') return FLOAT_WIDTH;
  return format.size === 8 ? 17 : format.size * 2;
}

function cell(slice: MemorySlice, at: number, format: MemoryFormat): string {
  if (!isReadable(slice, at, format.size)) return unreadable(format);
  const view = new DataView(slice.bytes.buffer, slice.bytes.byteOffset + at, format.size);
  if (format.kind === 'float') {
    const value = format.size === 4 ? view.getFloat32(0, true) : view.getFloat64(0, true);
    return floatText(value, format.size).padStart(FLOAT_WIDTH);
  }
  let value = 0n;
  for (let index = format.size - 1; index >= 0; index--) value = (value << 8n) | BigInt(view.getUint8(index));
  return format.size === 8 ? address(value) : hexDigits(value, format.size * 2);
}

function unreadable(format: MemoryFormat): string {
  if (format.kind === 'float') return '?'.repeat(format.size * 2).padStart(FLOAT_WIDTH);
  return format.size === 8 ? '????????`????????' : '?'.repeat(format.size * 2);
}

/** As many digits as the type has, without those that say nothing. */
export function floatText(value: number, size: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(size === 4 ? 8 : 16))) : String(value);
}

function isReadable(slice: MemorySlice, at: number, size: number): boolean {
  if (slice.readable === null) return at + size <= slice.bytes.length;
  for (let index = at; index < at + size; index++) if (slice.readable[index] !== 1) return false;
  return true;
}

function asciiText(slice: MemorySlice, at: number, length: number): string {
  let text = '';
  for (let index = at; index < at + length; index++) {
    const byte = slice.bytes[index] ?? 0;
    const known = isReadable(slice, index, 1);
    text += known ? (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.') : '?';
  }
  return text;
}
