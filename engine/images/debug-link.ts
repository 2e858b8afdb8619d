import { type FileHandle, open } from 'node:fs/promises';
import { parseElfHeader } from '../machine/elf.ts';

/** Name and checksum of a file's separate debug information (`.gnu_debuglink`). */
export interface DebugLink {
  readonly name: string;
  readonly crc: number;
}

const MAX_TABLE = 16 * 1024 * 1024;
const MAX_SECTION = 4096;
const SECTION = '.gnu_debuglink';

/** Of a 64-bit little-endian ELF file; null for others, and where it has none. */
export async function debugLink(path: string): Promise<DebugLink | null> {
  const file = await open(path, 'r').catch(() => null);
  if (!file) return null;
  try {
    const section = await sectionNamed(file, SECTION);
    const end = section?.indexOf(0) ?? -1;
    if (!section || end <= 0) return null;
    const name = section.toString('utf8', 0, end);
    const at = (end + 4) & ~3;
    if (name.includes('/') || at + 4 > section.length) return null;
    return { name, crc: section.readUInt32LE(at) };
  } catch {
    return null;
  } finally {
    await file.close().catch(() => undefined);
  }
}

async function sectionNamed(file: FileHandle, wanted: string): Promise<Buffer | null> {
  const head = await bytesAt(file, 0, 64);
  const header = parseElfHeader(head);
  if (header?.bits !== 64 || !header.littleEndian) return null;
  const [offset, size, count, names] = [
    Number(head.readBigUInt64LE(40)),
    head.readUInt16LE(58),
    head.readUInt16LE(60),
    head.readUInt16LE(62),
  ];
  if (size < 64) return null;
  const table = await bytesAt(file, offset, Math.min(size * count, MAX_TABLE));
  const placeOf = (index: number) => ({
    offset: Number(table.readBigUInt64LE(index * size + 24)),
    size: Number(table.readBigUInt64LE(index * size + 32)),
  });
  if ((names + 1) * size > table.length) return null;
  const strings = placeOf(names);
  const text = await bytesAt(file, strings.offset, Math.min(strings.size, MAX_TABLE));
  for (let index = 0; (index + 1) * size <= table.length; index++) {
    const start = table.readUInt32LE(index * size);
    const end = text.indexOf(0, start);
    if (end < 0 || text.toString('latin1', start, end) !== wanted) continue;
    const place = placeOf(index);
    return bytesAt(file, place.offset, Math.min(place.size, MAX_SECTION));
  }
  return null;
}

async function bytesAt(file: FileHandle, offset: number, length: number): Promise<Buffer> {
  if (!Number.isSafeInteger(offset) || length <= 0) return Buffer.alloc(0);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, offset);
  return buffer.subarray(0, bytesRead);
}
