/** What the first bytes of an ELF file tell. */
export interface ElfFacts {
  /** As `uname -m` has it; '' where it has no name here. */
  readonly architecture: string;
  /** A program or a library, not a core or an object file. */
  readonly executable: boolean;
  /** Where its notes stand in the file: the build id is in one. */
  readonly notes: readonly { readonly offset: number; readonly length: number }[];
}

const ARCHITECTURES: Readonly<Record<number, string>> = {
  3: 'i386',
  8: 'mips',
  20: 'ppc',
  21: 'ppc64',
  22: 's390x',
  40: 'arm',
  62: 'x86_64',
  183: 'aarch64',
  243: 'riscv64',
};

const PT_NOTE = 4;
const NT_GNU_BUILD_ID = 3;
/** The kernel itself refuses more. */
const MAX_HEADERS = 256;
const MAX_NOTES = 64 * 1024;

/** Null: no ELF file. */
export function elfFacts(head: Buffer): ElfFacts | null {
  if (head.length < 52 || head.readUInt32BE(0) !== 0x7f454c46) return null;
  const wide = head[4] === 2;
  const little = head[5] !== 2;
  if (wide && head.length < 64) return null;
  const read = numbers(head, little);
  const type = read.u16(16);
  return {
    architecture: ARCHITECTURES[read.u16(18)] ?? '',
    executable: type === 2 || type === 3,
    notes: notesOf(head, wide, read),
  };
}

function numbers(bytes: Buffer, little: boolean) {
  return {
    u16: (at: number) => (little ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at)),
    u32: (at: number) => (little ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at)),
    u64: (at: number) => Number(little ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at)),
  };
}

function notesOf(head: Buffer, wide: boolean, read: ReturnType<typeof numbers>): ElfFacts['notes'] {
  const word = (at: number) => (wide ? read.u64(at) : read.u32(at));
  const start = word(wide ? 32 : 28);
  const size = read.u16(wide ? 54 : 42);
  const count = Math.min(read.u16(wide ? 56 : 44), MAX_HEADERS);
  const notes: { offset: number; length: number }[] = [];
  for (let index = 0; index < count; index += 1) {
    const at = start + index * size;
    if (size < (wide ? 56 : 32) || at + size > head.length) break;
    if (read.u32(at) !== PT_NOTE) continue;
    const offset = word(at + (wide ? 8 : 4));
    const length = word(at + (wide ? 32 : 16));
    if (length <= MAX_NOTES && Number.isSafeInteger(offset)) notes.push({ offset, length });
  }
  return notes;
}

/** The build id in a segment of notes, hexadecimal. */
export function buildIdIn(notes: Buffer, little = true): string | null {
  const { u32 } = numbers(notes, little);
  for (let at = 0; at + 12 <= notes.length; ) {
    const nameSize = u32(at);
    const size = u32(at + 4);
    const start = at + 12 + align(nameSize);
    const name = notes.toString('latin1', at + 12, at + 12 + Math.min(nameSize, 4));
    if (u32(at + 8) === NT_GNU_BUILD_ID && name === 'GNU\0' && start + size <= notes.length)
      return notes.toString('hex', start, start + size);
    at = start + align(size);
  }
  return null;
}

function align(size: number): number {
  return Math.ceil(size / 4) * 4;
}
