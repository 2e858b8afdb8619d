import { closeSync, openSync, readSync } from 'node:fs';

/** What is needed of an ELF file without GDB: is it one, for which machine, what do a core's notes say. */
export interface ElfHeader {
  readonly bits: 32 | 64;
  readonly littleEndian: boolean;
  /** 2: program at fixed addresses, 3: position-independent program or library, 4: core. */
  readonly type: number;
  readonly machine: number;
  readonly programHeaders: { readonly offset: number; readonly size: number; readonly count: number };
}

export const MACHINES: Readonly<Record<number, string>> = {
  3: 'i386',
  8: 'MIPS',
  20: 'PowerPC',
  21: 'PowerPC64',
  22: 's390x',
  40: 'ARM',
  62: 'x86-64',
  183: 'AArch64',
  243: 'RISC-V',
};

/** Node's names of machines, and those whose programs such a machine runs as well. */
export const HOST_MACHINES: Readonly<Record<string, readonly number[]>> = {
  x64: [62, 3],
  ia32: [3],
  arm64: [183, 40],
  arm: [40],
  ppc64: [21],
  s390x: [22],
  riscv64: [243],
};

export function readAt(path: string, offset: number, length: number): Buffer {
  const file = openSync(path, 'r');
  try {
    const buffer = Buffer.alloc(length);
    return buffer.subarray(0, readSync(file, buffer, 0, length, offset));
  } finally {
    closeSync(file);
  }
}

/** Null: no ELF file. */
export function readElfHeader(path: string): ElfHeader | null {
  return parseElfHeader(readAt(path, 0, 64));
}

/** @param head a file's first 64 bytes */
export function parseElfHeader(head: Buffer): ElfHeader | null {
  if (head.length < 52 || head.readUInt32BE(0) !== 0x7f454c46) return null;
  const bits = head[4] === 2 ? 64 : 32;
  const littleEndian = head[5] !== 2;
  const u16 = (at: number) => (littleEndian ? head.readUInt16LE(at) : head.readUInt16BE(at));
  const u32 = (at: number) => (littleEndian ? head.readUInt32LE(at) : head.readUInt32BE(at));
  if (bits === 64 && head.length < 64) return null;
  const programHeaders =
    bits === 64
      ? { offset: littleEndian ? u32(32) : u32(36), size: u16(54), count: u16(56) }
      : { offset: u32(28), size: u16(42), count: u16(44) };
  return { bits, littleEndian, type: u16(16), machine: u16(18), programHeaders };
}

export interface CoreNotes {
  /** Signal that the process died of, 0 where the core was taken alive. */
  readonly signal: number;
  /** Thread that the signal went to: the first one noted. */
  readonly tid: number;
  readonly pid: number;
  /** Name and arguments as the kernel kept them: 16 and 80 bytes at most. */
  readonly command: string;
  readonly args: string;
  /** Path of the program, from the mapping that holds its program headers. */
  readonly program: string | null;
  /** Of each thread, the time it has used, milliseconds. */
  readonly times: readonly CoreTimes[];
}

export interface CoreTimes {
  readonly tid: number;
  readonly user: number;
  readonly kernel: number;
}

const NT_PRSTATUS = 1;
const NT_PRPSINFO = 3;
const NT_AUXV = 6;
const NT_FILE = 0x46494c45;
const AT_PHDR = 3n;
/** Cores of processes with many mappings have large notes; more than this is no sane core. */
const MAX_NOTES = 64 * 1024 * 1024;

/** The notes of a 64-bit little-endian core; null for others. */
export function readCoreNotes(path: string, header: ElfHeader): CoreNotes | null {
  if (header.bits !== 64 || !header.littleEndian) return null;
  const { offset, size, count } = header.programHeaders;
  const table = readAt(path, offset, size * count);
  for (let at = 0; at + 56 <= table.length; at += size) {
    if (table.readUInt32LE(at) !== 4) continue;
    const length = Number(table.readBigUInt64LE(at + 32));
    if (length > MAX_NOTES) return null;
    return parseNotes(readAt(path, Number(table.readBigUInt64LE(at + 8)), length));
  }
  return null;
}

function parseNotes(data: Buffer): CoreNotes {
  const notes = new Map<number, Buffer>();
  const times: CoreTimes[] = [];
  for (let at = 0; at + 12 <= data.length; ) {
    const nameSize = data.readUInt32LE(at);
    const size = data.readUInt32LE(at + 4);
    const type = data.readUInt32LE(at + 8);
    const start = at + 12 + align(nameSize);
    const note = data.subarray(start, start + size);
    if (!notes.has(type)) notes.set(type, note);
    if (type === NT_PRSTATUS && note.length >= TIMES_END) times.push(timesIn(note));
    at = start + align(size);
  }
  const status = notes.get(NT_PRSTATUS) ?? Buffer.alloc(0);
  const info = notes.get(NT_PRPSINFO) ?? Buffer.alloc(0);
  return {
    signal: status.length >= 14 ? status.readUInt16LE(12) : 0,
    tid: status.length >= 36 ? status.readUInt32LE(32) : 0,
    pid: info.length >= 28 ? info.readUInt32LE(24) : 0,
    command: info.length >= 56 ? cString(info, 40, 16) : '',
    args: info.length >= 136 ? cString(info, 56, 80).trim() : '',
    program: mainProgram(notes.get(NT_AUXV), notes.get(NT_FILE)),
    times,
  };
}

/** `pr_utime` and `pr_stime` of a machine of 64 bits: seconds and microseconds each. */
const [USER_TIME, KERNEL_TIME, TIMES_END] = [48, 64, 80];

function timesIn(status: Buffer): CoreTimes {
  const time = (at: number): number =>
    Number(status.readBigUInt64LE(at)) * 1000 + Number(status.readBigUInt64LE(at + 8)) / 1000;
  return { tid: status.readUInt32LE(32), user: time(USER_TIME), kernel: time(KERNEL_TIME) };
}

function mainProgram(auxv: Buffer | undefined, files: Buffer | undefined): string | null {
  if (!auxv || !files || files.length < 16) return null;
  let headers = 0n;
  for (let at = 0; at + 16 <= auxv.length; at += 16) {
    if (auxv.readBigUInt64LE(at) === AT_PHDR) headers = auxv.readBigUInt64LE(at + 8);
  }
  const count = Number(files.readBigUInt64LE(0));
  const names = files
    .subarray(16 + count * 24)
    .toString('utf8')
    .split('\0');
  for (let index = 0; index < count && 16 + (index + 1) * 24 <= files.length; index += 1) {
    const at = 16 + index * 24;
    if (headers >= files.readBigUInt64LE(at) && headers < files.readBigUInt64LE(at + 8))
      return names[index] ?? null;
  }
  return null;
}

function align(size: number): number {
  return (size + 3) & ~3;
}

function cString(data: Buffer, at: number, length: number): string {
  const end = data.indexOf(0, at);
  return data.toString('utf8', at, end === -1 ? at + length : Math.min(end, at + length));
}
