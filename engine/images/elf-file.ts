import { constants } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';

/** What tells whether an ELF file is the one that is looked for. */
export interface ElfFacts {
  readonly size: number;
  /** Hexadecimal, lower case; null: none, or one too short to tell anything. */
  readonly buildId: string | null;
  /** All that its headers speak of lies within the file. */
  readonly complete: boolean;
  /** False for separate debug information, which has a program's headers without its code. */
  readonly program: boolean;
  /** It has debug information itself. */
  readonly debug: boolean;
}

const SHT_NOTE = 7;
const SHT_NOBITS = 8;
const SHF_ALLOC_EXECINSTR = 6;
const PT_LOAD = 1;
const PT_NOTE = 4;
const NT_GNU_BUILD_ID = 3;
/** The number of sections is too large for the header: it stands in the first section. */
const COUNT_ELSEWHERE = 0;

const MAX_TABLE = 16 * 1024 * 1024;
const MAX_NOTE = 64 * 1024;
const MAX_NOTES = 64;

/** Part of a file: a segment or a section. */
interface Part {
  /** Of a section: where its name stands among the names. */
  readonly name: number;
  readonly type: number;
  readonly flags: number;
  readonly offset: number;
  readonly size: number;
  readonly align: number;
}

/**
 * A build id as it is compared: hexadecimal in lower case; null for what is none, and for those of less than eight bytes or of
 * nothing but zeros (`--build-id=0x…`), which different files may share.
 */
export function normalBuildId(buildId: string | null): string | null {
  if (buildId === null) return null;
  const id = buildId.toLowerCase();
  return /^(?:[0-9a-f]{2}){8,64}$/.test(id) && !/^0*$/.test(id) ? id : null;
}

/** Null: no ELF file, or none that can be read. Opens nothing but regular files. */
export async function inspectElf(path: string): Promise<ElfFacts | null> {
  let file: FileHandle | null = null;
  try {
    // A device, or a pipe that nobody writes, is not even to be opened.
    const found = await stat(path);
    if (!found.isFile() || found.size < 52) return null;
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const facts = await file.stat();
    return facts.isFile() ? await inspect(file, facts.size) : null;
  } catch {
    return null;
  } finally {
    await file?.close();
  }
}

/** Whether a file has debug information of its own, as those have that were not stripped. */
export async function hasDebugInformation(path: string): Promise<boolean> {
  return (await inspectElf(path))?.debug ?? false;
}

async function inspect(file: FileHandle, size: number): Promise<ElfFacts | null> {
  const head = await readAt(file, 0, 64);
  if (head.length < 52 || head.readUInt32BE(0) !== 0x7f454c46) return null;
  const reader = { file, wide: head[4] === 2, little: head[5] !== 2 };
  if (reader.wide && head.length < 64) return null;
  const at = (narrow: number, wide: number) => word(head, reader, narrow, wide);
  const half = (narrow: number, wide: number) => u16(head, reader, reader.wide ? wide : narrow);
  const segments = await table(reader, at(28, 32), half(42, 54), half(44, 56), segment);
  const sectionsAt = at(32, 40);
  const sectionSize = half(46, 58);
  let count = half(48, 60);
  if (count === COUNT_ELSEWHERE && sectionsAt !== 0) {
    const [first] = await table(reader, sectionsAt, sectionSize, 1, section);
    count = first?.size ?? 0;
  }
  const sections = sectionsAt === 0 ? [] : await table(reader, sectionsAt, sectionSize, count, section);
  const within = (part: Part) => part.type === SHT_NOBITS || part.offset + part.size <= size;
  const program = !sections.some(
    (part) => part.type === SHT_NOBITS && (part.flags & SHF_ALLOC_EXECINSTR) === SHF_ALLOC_EXECINSTR,
  );
  const loads = segments.filter((part) => part.type === PT_LOAD);
  return {
    size,
    buildId: await buildIdOf(reader, segments, sections),
    complete:
      sectionsAt + sectionSize * count <= size &&
      sections.every(within) &&
      // Those of debug information are the program's, and lead nowhere.
      (!program || loads.every((part) => part.offset + part.size <= size)),
    program,
    debug: await hasDebugSection(reader, sections, sections[half(50, 62)]),
  };
}

async function hasDebugSection(
  reader: Reader,
  sections: readonly Part[],
  names: Part | undefined,
): Promise<boolean> {
  if (!names) return false;
  const text = (await readAt(reader.file, names.offset, Math.min(names.size, MAX_NOTE))).toString('latin1');
  return sections.some(
    ({ name, type }) => type !== SHT_NOBITS && /^\.z?debug_info\0/.test(text.slice(name, name + 13)),
  );
}

interface Reader {
  readonly file: FileHandle;
  readonly wide: boolean;
  readonly little: boolean;
}

async function table(
  reader: Reader,
  offset: number,
  size: number,
  count: number,
  parse: (data: Buffer, reader: Reader) => Part,
): Promise<readonly Part[]> {
  const least = parse === segment ? (reader.wide ? 56 : 32) : reader.wide ? 64 : 40;
  if (offset === 0 || size < least || size * count > MAX_TABLE) return [];
  const data = await readAt(reader.file, offset, size * count);
  const parts: Part[] = [];
  for (let at = 0; at + size <= data.length; at += size)
    parts.push(parse(data.subarray(at, at + size), reader));
  return parts;
}

function segment(data: Buffer, reader: Reader): Part {
  return {
    name: 0,
    type: u32(data, reader, 0),
    flags: 0,
    offset: word(data, reader, 4, 8),
    size: word(data, reader, 16, 32),
    align: word(data, reader, 28, 48),
  };
}

function section(data: Buffer, reader: Reader): Part {
  return {
    name: u32(data, reader, 0),
    type: u32(data, reader, 4),
    flags: word(data, reader, 8, 8),
    offset: word(data, reader, 16, 24),
    size: word(data, reader, 20, 32),
    align: word(data, reader, 32, 48),
  };
}

/** From its sections, which debug information keeps in order, else from its segments, which are all that a program needs. */
async function buildIdOf(
  reader: Reader,
  segments: readonly Part[],
  sections: readonly Part[],
): Promise<string | null> {
  const notes = [
    ...sections.filter((part) => part.type === SHT_NOTE),
    ...segments.filter((part) => part.type === PT_NOTE),
  ];
  for (const part of notes.slice(0, MAX_NOTES)) {
    const data = await readAt(reader.file, part.offset, Math.min(part.size, MAX_NOTE));
    const id = buildIdIn(data, reader, part.align === 8 ? 8 : 4);
    if (id !== null) return normalBuildId(id);
  }
  return null;
}

function buildIdIn(data: Buffer, reader: Reader, align: number): string | null {
  for (let at = 0; at + 12 <= data.length; ) {
    const nameSize = u32(data, reader, at);
    const size = u32(data, reader, at + 4);
    const start = up(at + 12 + nameSize, align);
    const name = data.toString('latin1', at + 12, at + 12 + nameSize);
    if (u32(data, reader, at + 8) === NT_GNU_BUILD_ID && name === 'GNU\0' && start + size <= data.length)
      return data.toString('hex', start, start + size);
    at = up(start + size, align);
  }
  return null;
}

function up(value: number, align: number): number {
  return Math.ceil(value / align) * align;
}

function u16(data: Buffer, { little }: Reader, at: number): number {
  return little ? data.readUInt16LE(at) : data.readUInt16BE(at);
}

function u32(data: Buffer, { little }: Reader, at: number): number {
  return little ? data.readUInt32LE(at) : data.readUInt32BE(at);
}

/** Beyond 2^53 it is no longer exact, and beyond the end of any file. */
function word(data: Buffer, reader: Reader, narrow: number, wide: number): number {
  if (!reader.wide) return u32(data, reader, narrow);
  return Number(reader.little ? data.readBigUInt64LE(wide) : data.readBigUInt64BE(wide));
}

async function readAt(file: FileHandle, offset: number, length: number): Promise<Buffer> {
  if (!Number.isSafeInteger(offset)) return Buffer.alloc(0);
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, offset);
  return buffer.subarray(0, bytesRead);
}
