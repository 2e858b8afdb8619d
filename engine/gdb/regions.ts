import type { MemoryRegion } from '../backend/types.ts';
import { type ElfHeader, readAt } from '../machine/elf.ts';

const LINE = /^([0-9a-f]+)-([0-9a-f]+) ([-r][-w][-x][-ps]) ([0-9a-f]+) \S+ \d+\s*(.*)$/;

/** The kernel's text of `/proc/PID/maps`. */
export function parseMaps(text: string): readonly MemoryRegion[] {
  const regions: MemoryRegion[] = [];
  for (const line of text.split('\n')) {
    const match = LINE.exec(line);
    if (!match) continue;
    const [, start = '', end = '', access = '', offset = '', path = ''] = match;
    regions.push({
      start: BigInt(`0x${start}`),
      end: BigInt(`0x${end}`),
      read: access[0] === 'r',
      write: access[1] === 'w',
      execute: access[2] === 'x',
      shared: access[3] === 's',
      offset: BigInt(`0x${offset}`),
      path,
    });
  }
  return regions;
}

const PT_LOAD = 1;
/** More segments than this has no process. */
const MAX_TABLE = 16 * 1024 * 1024;

/** Start, end, offset and path, as hexadecimal digits. */
export type MappingRow = readonly [start: string, end: string, offset: string, path: string];

/**
 * What a core file of 64 bits has segments for, which are all mappings of its process. What was mapped from where its notes tell;
 * how, its segments.
 */
export function coreRegions(
  path: string,
  header: ElfHeader,
  mappings: readonly MappingRow[],
): readonly MemoryRegion[] {
  if (header.bits !== 64 || !header.littleEndian) return [];
  const { offset, size, count } = header.programHeaders;
  const table = readAt(path, offset, Math.min(size * count, MAX_TABLE));
  const files = mappings.map(([start, end, from, file]) => ({
    start: BigInt(`0x${start}`),
    end: BigInt(`0x${end}`),
    offset: BigInt(`0x${from}`),
    path: file,
  }));
  const regions: MemoryRegion[] = [];
  for (let at = 0; at + 56 <= table.length; at += size) {
    if (table.readUInt32LE(at) !== PT_LOAD) continue;
    const start = table.readBigUInt64LE(at + 16);
    const length = table.readBigUInt64LE(at + 40);
    if (length === 0n) continue;
    const flags = table.readUInt32LE(at + 4);
    const file = files.find((each) => start >= each.start && start < each.end);
    regions.push({
      start,
      end: start + length,
      read: (flags & 4) !== 0,
      write: (flags & 2) !== 0,
      execute: (flags & 1) !== 0,
      shared: false,
      offset: file ? file.offset + (start - file.start) : 0n,
      path: file?.path ?? '',
    });
  }
  return regions.sort((a, b) => (a.start < b.start ? -1 : 1));
}
