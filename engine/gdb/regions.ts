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

const [AT_RANDOM, AT_VDSO] = [25, 33];
/** The heap begins up to so far behind the program's own data, by chance. */
const HEAP_NEAR = 0x2001000n;

/** Of a core file: the kernel's own names, as /proc/PID/maps has them, worked out. `program`: path of the program's file. */
export function withNames(
  regions: readonly MemoryRegion[],
  auxv: ReadonlyMap<number, bigint>,
  program: string,
): readonly MemoryRegion[] {
  const holds = (region: MemoryRegion, number: number): boolean => {
    const address = auxv.get(number);
    return address !== undefined && address >= region.start && address < region.end;
  };
  const heap = heapIn(regions, program);
  return regions.map((region) => {
    if (region.path !== '') return region;
    const path = holds(region, AT_RANDOM)
      ? '[stack]'
      : holds(region, AT_VDSO)
        ? '[vdso]'
        : region === heap
          ? '[heap]'
          : '';
    return { ...region, path };
  });
}

/** Data of a program that have no file lie right behind it, the heap after a gap. */
function heapIn(regions: readonly MemoryRegion[], program: string): MemoryRegion | null {
  const last = regions.findLastIndex(({ path }) => path === program);
  let end = regions[last]?.end;
  if (end === undefined) return null;
  for (const region of regions.slice(last + 1)) {
    if (region.path !== '' || !region.write || region.start > end + HEAP_NEAR) return null;
    if (region.start > end) return region;
    end = region.end;
  }
  return null;
}
