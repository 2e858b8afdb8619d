import type { MemoryView } from '../../engine/protocol/views.ts';
import type { EndlessRow } from '../grid/EndlessList.tsx';
import { character, type MemoryFormat } from './memory-formats.ts';

export interface MemoryCell {
  /** With `0x`. */
  readonly address: string;
  /** As its format shows it. */
  readonly text: string;
  readonly readable: boolean;
  readonly changed: boolean;
}

export interface MemoryRow extends EndlessRow {
  readonly cells: readonly MemoryCell[];
  readonly characters: string;
  /** What the pointer in it leads to; '' where that has no name. */
  readonly name: string;
}

const ascii = (byte: string) =>
  byte === '??' ? '?' : byte > '7e' ? '.' : character(Number.parseInt(byte, 16));

function bytesOf(view: MemoryView | null): string[] {
  return view?.bytes.match(/../g) ?? [];
}

/**
 * @param before as it was, of the same or another place
 * @param width bytes of a row
 */
export function memoryRows(
  view: MemoryView | null,
  before: MemoryView | null,
  format: MemoryFormat,
  width: number,
): MemoryRow[] {
  if (!view) return [];
  const size = format.size ?? view.pointerSize;
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
        text: format.show(some),
        readable: !some.includes('??'),
        changed: some.some((_, index) => isOther(cell + index)),
      });
    }
    const characters = bytes
      .slice(at, at + width)
      .map(ascii)
      .join('');
    const id = `0x${(start + BigInt(at)).toString(16)}`;
    rows.push({ id, cells, characters, name: view.names?.[id] ?? '' });
  }
  return rows;
}
