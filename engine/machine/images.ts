import { type FileHandle, open } from 'node:fs/promises';
import { type ElfHeader, parseElfHeader } from './elf.ts';
import type { ImageFacts } from './machine.ts';

const PT_NOTE = 4;
const NT_GNU_BUILD_ID = 3;
/** Of notes, and of program headers: more is no sane file. */
const MAX_BYTES = 64 * 1024;

const ARCHITECTURES: Readonly<Record<number, string>> = {
  3: 'i386',
  8: 'mips',
  20: 'ppc',
  21: 'ppc64',
  22: 's390x',
  40: 'arm',
  62: 'x86_64',
  183: 'aarch64',
};

/** As `uname -m` calls it; '' for one that we have no name for. */
export function architectureOf(header: ElfHeader): string {
  if (header.machine === 243) return `riscv${header.bits}`;
  return ARCHITECTURES[header.machine] ?? '';
}

/** '' where it cannot be read, or is no ELF file. */
export async function architectureOfFile(path: string): Promise<string> {
  const file = await open(path, 'r').catch(() => null);
  if (!file) return '';
  try {
    const header = await headerOf(file);
    return header ? architectureOf(header) : '';
  } catch {
    return '';
  } finally {
    await file.close().catch(() => undefined);
  }
}

/** @param path what it is to be called; `real`: where it lies. Null: it cannot be read, or is no ELF file. */
export async function readImage(path: string, real = path): Promise<ImageFacts | null> {
  // Without waiting for whoever might write to a FIFO.
  const file = await open(real, O_RDONLY_NONBLOCK).catch(() => null);
  if (!file) return null;
  try {
    const facts = await file.stat();
    const header = facts.isFile() ? await headerOf(file) : null;
    if (!header) return null;
    return {
      path,
      size: facts.size,
      modified: Math.trunc(facts.mtimeMs),
      buildId: await buildIdOf(file, header),
      architecture: architectureOf(header),
    };
  } catch {
    return null;
  } finally {
    await file.close().catch(() => undefined);
  }
}

const O_RDONLY_NONBLOCK = 0o4000;

async function headerOf(file: FileHandle): Promise<ElfHeader | null> {
  return parseElfHeader(await bytesAt(file, 0, 64));
}

async function buildIdOf(file: FileHandle, header: ElfHeader): Promise<string | null> {
  const { offset, size, count } = header.programHeaders;
  const table = await bytesAt(file, offset, Math.min(size * count, MAX_BYTES));
  const { bits, littleEndian } = header;
  const u32 = (data: Buffer, at: number) => (littleEndian ? data.readUInt32LE(at) : data.readUInt32BE(at));
  const word = (at: number) =>
    bits === 64
      ? Number(littleEndian ? table.readBigUInt64LE(at) : table.readBigUInt64BE(at))
      : u32(table, at);
  for (let at = 0; size > 0 && at + (bits === 64 ? 56 : 32) <= table.length; at += size) {
    if (u32(table, at) !== PT_NOTE) continue;
    const place = word(at + (bits === 64 ? 8 : 4));
    const length = word(at + (bits === 64 ? 32 : 16));
    const notes = await bytesAt(file, place, Math.min(length, MAX_BYTES));
    const found = buildIdIn(notes, (where) => u32(notes, where));
    if (found) return found;
  }
  return null;
}

function buildIdIn(notes: Buffer, u32: (at: number) => number): string | null {
  for (let at = 0; at + 12 <= notes.length; ) {
    const nameSize = u32(at);
    const size = u32(at + 4);
    const start = at + 12 + align(nameSize);
    const isGnu = notes.toString('latin1', at + 12, at + 12 + nameSize) === 'GNU\0';
    if (isGnu && u32(at + 8) === NT_GNU_BUILD_ID && start + size <= notes.length)
      return notes.toString('hex', start, start + size);
    at = start + align(size);
  }
  return null;
}

const align = (size: number) => Math.ceil(size / 4) * 4;

async function bytesAt(file: FileHandle, offset: number, length: number): Promise<Buffer> {
  if (!Number.isSafeInteger(offset) || length <= 0) return Buffer.alloc(0);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, offset);
  return buffer.subarray(0, bytesRead);
}
