import { alignUp } from './bytes.ts';

export interface ElfSection {
  readonly name: string;
  /** Where it lies in the target; left out: it is for the debugger alone. */
  readonly address?: bigint;
  readonly execute?: boolean;
  readonly write?: boolean;
  /** Its bytes, or only how long it is. */
  readonly content: Uint8Array | bigint;
}

export interface ElfSymbol {
  readonly name: string;
  readonly address: bigint;
  readonly size: bigint;
  readonly kind: 'function' | 'data';
  readonly global: boolean;
}

export type ElfMachine = 'x86-64' | 'aarch64';

const MACHINES: Readonly<Record<ElfMachine, number>> = { 'x86-64': 62, aarch64: 183 };
const HEADER = 64;
const SECTION = 64;
const SYMBOL = 24;
const [PROGBITS, SYMTAB, STRTAB, NOBITS] = [1, 2, 3, 8];

class Strings {
  readonly #parts: string[] = ['\0'];
  #length = 1;

  add(text: string): number {
    const at = this.#length;
    this.#parts.push(`${text}\0`);
    this.#length += text.length + 1;
    return at;
  }

  get bytes(): Buffer {
    return Buffer.from(this.#parts.join(''), 'latin1');
  }
}

/**
 * An ELF file (64 bits, little-endian) of symbols and what else a debugger reads. Symbols outside of the sections with an
 * address are left out: a debugger takes them for constants.
 */
export function elfFile(
  machine: ElfMachine,
  sections: readonly ElfSection[],
  symbols: readonly ElfSymbol[],
): Buffer {
  const names = new Strings();
  const strings = new Strings();
  const table = symbolTable(sections, symbols, strings);
  const parts = [
    ...sections.map((section) => ({ ...describe(section), name: names.add(section.name) })),
    {
      name: names.add('.symtab'),
      ...plain(SYMTAB, table.bytes),
      link: sections.length + 2,
      info: table.locals,
      entry: SYMBOL,
    },
    { name: names.add('.strtab'), ...plain(STRTAB, strings.bytes) },
  ];
  const shstrtab = names.add('.shstrtab');
  parts.push({ name: shstrtab, ...plain(STRTAB, names.bytes) });
  const count = parts.length + 1;
  const chunks: Buffer[] = [];
  const headers = Buffer.alloc(SECTION * count);
  let at = HEADER;
  parts.forEach((part, index) => {
    const where = SECTION * (index + 1);
    headers.writeUInt32LE(part.name, where);
    headers.writeUInt32LE(part.type, where + 4);
    headers.writeBigUInt64LE(part.flags, where + 8);
    headers.writeBigUInt64LE(part.address, where + 16);
    headers.writeBigUInt64LE(BigInt(at), where + 24);
    headers.writeBigUInt64LE(part.size, where + 32);
    headers.writeUInt32LE(part.link, where + 40);
    headers.writeUInt32LE(part.info, where + 44);
    headers.writeBigUInt64LE(8n, where + 48);
    headers.writeBigUInt64LE(BigInt(part.entry), where + 56);
    const padded = alignUp(part.bytes.length, 8);
    chunks.push(part.bytes, Buffer.alloc(padded - part.bytes.length));
    at += padded;
  });
  return Buffer.concat([header(machine, at, count), ...chunks, headers]);
}

function header(machine: ElfMachine, sectionsAt: number, count: number): Buffer {
  const bytes = Buffer.alloc(HEADER);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  bytes.writeUInt16LE(2, 16);
  bytes.writeUInt16LE(MACHINES[machine], 18);
  bytes.writeUInt32LE(1, 20);
  bytes.writeBigUInt64LE(BigInt(sectionsAt), 40);
  bytes.writeUInt16LE(HEADER, 52);
  bytes.writeUInt16LE(SECTION, 58);
  bytes.writeUInt16LE(count, 60);
  bytes.writeUInt16LE(count - 1, 62);
  return bytes;
}

interface Described {
  readonly type: number;
  readonly flags: bigint;
  readonly address: bigint;
  readonly size: bigint;
  readonly bytes: Buffer;
  readonly link: number;
  readonly info: number;
  readonly entry: number;
}

function plain(type: number | undefined, bytes: Buffer): Described {
  const size = BigInt(bytes.length);
  return { type: type ?? 0, flags: 0n, address: 0n, size, bytes, link: 0, info: 0, entry: 0 };
}

function describe({ address, execute, write, content }: ElfSection): Described {
  const bytes = typeof content === 'bigint' ? Buffer.alloc(0) : Buffer.from(content);
  const allocated = address === undefined ? 0n : 2n | (write ? 1n : 0n) | (execute ? 4n : 0n);
  return {
    ...plain(typeof content === 'bigint' ? NOBITS : PROGBITS, bytes),
    flags: allocated,
    address: address ?? 0n,
    size: typeof content === 'bigint' ? content : BigInt(bytes.length),
  };
}

function symbolTable(
  sections: readonly ElfSection[],
  symbols: readonly ElfSymbol[],
  strings: Strings,
): { readonly bytes: Buffer; readonly locals: number } {
  const placed = sections.map(({ address, content }) =>
    address === undefined
      ? null
      : { start: address, end: address + (typeof content === 'bigint' ? content : BigInt(content.length)) },
  );
  const owned = symbols.flatMap((symbol) => {
    const section = placed.findIndex(
      (place) => place !== null && symbol.address >= place.start && symbol.address < place.end,
    );
    return section < 0 ? [] : [{ symbol, section: section + 1 }];
  });
  const sorted = [...owned.filter((one) => !one.symbol.global), ...owned.filter((one) => one.symbol.global)];
  const bytes = Buffer.alloc(SYMBOL * (sorted.length + 1));
  sorted.forEach(({ symbol, section }, index) => {
    const at = SYMBOL * (index + 1);
    bytes.writeUInt32LE(strings.add(symbol.name), at);
    bytes.writeUInt8((symbol.global ? 0x10 : 0) | (symbol.kind === 'function' ? 2 : 1), at + 4);
    bytes.writeUInt16LE(section, at + 6);
    bytes.writeBigUInt64LE(symbol.address, at + 8);
    bytes.writeBigUInt64LE(symbol.size, at + 16);
  });
  return { bytes, locals: 1 + owned.filter((one) => !one.symbol.global).length };
}
