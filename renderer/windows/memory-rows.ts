import type { MemoryView } from '../../engine/protocol/views.ts';
import type { EndlessRow } from '../grid/EndlessList.tsx';

/** Of a row: as many as there is room for. */
export type Width = 8 | 16 | 32;

/** How bytes are put together: so many make a number, the lowest first. */
export const formats = [
  { size: 1, text: 'Bytes', command: 'eb' },
  { size: 2, text: 'Words (2 bytes)', command: 'ew' },
  { size: 4, text: 'Double words (4 bytes)', command: 'ed' },
  { size: 8, text: 'Quad words (8 bytes)', command: 'eq' },
] as const;
export type Size = (typeof formats)[number]['size'];

export interface MemoryCell {
  /** With `0x`. */
  readonly address: string;
  /** Digits as a number has them, the highest first; `??` for each byte that cannot be read. */
  readonly digits: string;
  readonly changed: boolean;
}

export interface MemoryRow extends EndlessRow {
  readonly cells: readonly MemoryCell[];
  readonly characters: string;
}

function character(byte: string): string {
  if (byte === '??') return '?';
  const code = Number.parseInt(byte, 16);
  return code >= 0x20 && code < 0x7f ? String.fromCharCode(code) : '.';
}

function bytesOf(view: MemoryView | null): string[] {
  return view?.bytes.match(/../g) ?? [];
}

/** @param before as it was, of the same or another place */
export function memoryRows(
  view: MemoryView | null,
  before: MemoryView | null,
  size: Size,
  width: Width,
): MemoryRow[] {
  if (!view) return [];
  const bytes = bytesOf(view);
  const start = BigInt(view.address);
  const old = bytesOf(before);
  const shift = before ? Number(start - BigInt(before.address)) : 0;
  const isOther = (at: number) => old[at + shift] !== undefined && old[at + shift] !== bytes[at];
  const rows: MemoryRow[] = [];
  for (let at = 0; at < bytes.length; at += width) {
    const cells: MemoryCell[] = [];
    for (let cell = at; cell < Math.min(at + width, bytes.length); cell += size) {
      const some = bytes.slice(cell, cell + size);
      cells.push({
        address: `0x${(start + BigInt(cell)).toString(16)}`,
        digits: [...some].reverse().join(''),
        changed: some.some((_, index) => isOther(cell + index)),
      });
    }
    const characters = bytes
      .slice(at, at + width)
      .map(character)
      .join('');
    rows.push({ id: `0x${(start + BigInt(at)).toString(16)}`, cells, characters });
  }
  return rows;
}
