import type { MemoryFormat } from '../../format/memory.ts';

type Named = MemoryFormat & { readonly what: string };

const integers = (
  size: MemoryFormat['size'],
  perLine: number,
  ascii: boolean,
  defaultCount: number,
  what: string,
): Named => ({ size, perLine, kind: 'integer', ascii, defaultCount, what });

const floats = (size: 4 | 8, perLine: number, defaultCount: number, what: string): Named => ({
  size,
  perLine,
  kind: 'float',
  ascii: false,
  defaultCount,
  what,
});

/** The commands that show memory as plain elements. */
export const MEMORY_FORMATS: Readonly<Record<string, Named>> = {
  db: integers(1, 16, true, 128, 'bytes and characters'),
  dw: integers(2, 8, false, 64, 'words of two bytes'),
  dW: integers(2, 8, true, 64, 'words and characters'),
  dd: integers(4, 4, false, 32, 'double words (four bytes)'),
  dc: integers(4, 4, true, 32, 'double words and characters'),
  dq: integers(8, 2, false, 16, 'quad words (eight bytes)'),
  df: floats(4, 4, 16, 'single-precision numbers'),
  dD: floats(8, 3, 15, 'double-precision numbers'),
};

/** As a search shows its hits, by its type. */
const OF_SEARCH: Readonly<Record<string, Named>> = {
  b: integers(1, 16, true, 16, 'bytes'),
  a: integers(1, 16, true, 16, 'characters'),
  u: integers(2, 8, true, 8, '16-bit characters'),
  w: integers(2, 8, true, 8, 'words'),
  d: integers(4, 4, true, 4, 'double words'),
  q: integers(8, 2, true, 2, 'quad words'),
};

export function formatOf(type: string): MemoryFormat {
  return OF_SEARCH[type] ?? integers(1, 16, true, 16, 'bytes');
}
