import { closeSync, openSync, readSync } from 'node:fs';

const PT_LOAD = 1;
const PT_DYNAMIC = 2;
const DT_STRTAB = 5;
const DT_SONAME = 14;
/** More program headers, or a longer dynamic section, has no sane library. */
const MAX_TABLE = 64 * 1024;
const MAX_NAME = 255;

/** The name that a library gives itself (DT_SONAME), by which loaders ask for it; null where it has none. */
export function sonameOf(path: string): string | null {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    return null;
  }
  try {
    return read(file);
  } catch {
    // Cut off, or none that is understood: then it is found by its file's name alone.
    return null;
  } finally {
    closeSync(file);
  }
}

interface Segment {
  readonly type: number;
  readonly offset: number;
  readonly address: number;
  readonly size: number;
}

function read(file: number): string | null {
  const head = at(file, 0, 64);
  if (head.readUInt32BE(0) !== 0x7f454c46) return null;
  const wide = head[4] === 2;
  const little = head[5] !== 2;
  const half = (data: Buffer, offset: number) =>
    little ? data.readUInt16LE(offset) : data.readUInt16BE(offset);
  const word = (data: Buffer, offset: number) =>
    little ? data.readUInt32LE(offset) : data.readUInt32BE(offset);
  const long = (data: Buffer, offset: number) => {
    if (!wide) return word(data, offset);
    return Number(little ? data.readBigUInt64LE(offset) : data.readBigUInt64BE(offset));
  };
  const size = half(head, wide ? 54 : 42);
  const table = at(file, long(head, wide ? 32 : 28), Math.min(size * half(head, wide ? 56 : 44), MAX_TABLE));
  const segments: Segment[] = [];
  for (let entry = 0; entry + size <= table.length && size > 0; entry += size) {
    segments.push({
      type: word(table, entry),
      offset: long(table, entry + (wide ? 8 : 4)),
      address: long(table, entry + (wide ? 16 : 8)),
      size: long(table, entry + (wide ? 32 : 16)),
    });
  }
  const dynamic = segments.find(({ type }) => type === PT_DYNAMIC);
  if (!dynamic) return null;
  const entries = at(file, dynamic.offset, Math.min(dynamic.size, MAX_TABLE));
  const step = wide ? 16 : 8;
  const value = (tag: number) => {
    for (let entry = 0; entry + step <= entries.length; entry += step)
      if (long(entries, entry) === tag) return long(entries, entry + step / 2);
    return null;
  };
  const name = value(DT_SONAME);
  const strings = value(DT_STRTAB);
  if (name === null || strings === null) return null;
  const home = segments.find(
    ({ type, address, size }) => type === PT_LOAD && strings >= address && strings < address + size,
  );
  if (!home) return null;
  const bytes = at(file, home.offset + strings - home.address + name, MAX_NAME + 1);
  const end = bytes.indexOf(0);
  const text = bytes.toString('utf8', 0, end);
  return end > 0 && !text.includes('/') ? text : null;
}

function at(file: number, offset: number, length: number): Buffer {
  const buffer = Buffer.alloc(length);
  return buffer.subarray(0, readSync(file, buffer, 0, length, offset));
}
