import { closeSync, existsSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Bytes } from './bytes.ts';
import { buildIdIn } from './modules.ts';

/** A file of a kernel with its symbols. */
export interface Vmlinux {
  readonly path: string;
  /** Addresses as it was linked. */
  readonly symbols: ReadonlyMap<string, bigint>;
  readonly buildId: string | null;
  /** What `linux_banner` holds, where the file has that; debug information alone has not. */
  readonly banner: string | null;
}

interface Section {
  readonly name: number;
  readonly type: number;
  readonly address: bigint;
  readonly offset: number;
  readonly size: number;
  readonly link: number;
}

const [SYMTAB, NOTE, NOBITS] = [2, 7, 8];
const MOST = 256 * 1024 * 1024;

/** Null: no ELF file of 64 bits, little-endian, or one without symbols. */
export function readVmlinux(path: string): Vmlinux | null {
  let file: number | null = null;
  try {
    if (!statSync(path).isFile()) return null;
    file = openSync(path, 'r');
    return read(path, file);
  } catch {
    return null;
  } finally {
    if (file !== null) closeSync(file);
  }
}

function read(path: string, file: number): Vmlinux | null {
  const total = fstatSync(file).size;
  const at = (offset: number, size: number): Uint8Array => {
    const bytes = Buffer.alloc(Math.max(0, Math.min(size, MOST, total - offset)));
    return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, offset));
  };
  const head = new Bytes(at(0, 64));
  if (head.u32(0) !== 0x464c457f || head.u8(4) !== 2 || head.u8(5) !== 1) return null;
  const count = head.u16(60);
  const table = new Bytes(at(Number(head.u64(40)), count * 64));
  const sections = Array.from({ length: count }, (_, index): Section => {
    const from = index * 64;
    return {
      name: table.u32(from),
      type: table.u32(from + 4),
      address: table.u64(from + 16),
      offset: Number(table.u64(from + 24)),
      size: Number(table.u64(from + 32)),
      link: table.u32(from + 40),
    };
  });
  const symtab = sections.find(({ type }) => type === SYMTAB);
  const strtab = symtab && sections[symtab.link];
  if (!symtab || !strtab) return null;
  const symbols = symbolsOf(
    new Bytes(at(symtab.offset, symtab.size)),
    new Bytes(at(strtab.offset, strtab.size)),
  );
  const notes = sections.filter(({ type }) => type === NOTE);
  const ids = notes.map(({ offset, size }) => buildIdIn(at(offset, Math.min(size, 65_536))));
  return {
    path,
    symbols,
    buildId: ids.find((id) => id !== null) ?? null,
    banner: bannerOf(symbols.get('linux_banner'), sections, at),
  };
}

function symbolsOf(symtab: Bytes, strings: Bytes): Map<string, bigint> {
  const symbols = new Map<string, bigint>();
  for (let at = 24; at + 24 <= symtab.length; at += 24) {
    // What is not defined here, and sections' and files' own names.
    if (symtab.u16(at + 6) === 0 || (symtab.u8(at + 4) & 15) > 2) continue;
    const name = strings.text(symtab.u32(at), 512);
    if (!symbols.has(name)) symbols.set(name, symtab.u64(at + 8));
  }
  return symbols;
}

function bannerOf(
  address: bigint | undefined,
  sections: readonly Section[],
  at: (offset: number, size: number) => Uint8Array,
): string | null {
  if (address === undefined) return null;
  const section = sections.find(
    (one) =>
      one.type !== NOBITS &&
      one.address <= address &&
      address < one.address + BigInt(one.size) &&
      one.address > 0n,
  );
  if (!section) return null;
  const text = new Bytes(at(section.offset + Number(address - section.address), 1024)).text(0, 1024);
  return text.startsWith('Linux version ') ? text.trimEnd() : null;
}

/** Where distributions put kernels with symbols, below a folder of the symbol path or the root. */
const placesOf = (release: string): readonly string[] => [
  `boot/vmlinux-${release}`,
  `usr/lib/debug/boot/vmlinux-${release}`,
  `usr/lib/debug/lib/modules/${release}/vmlinux`,
  `lib/modules/${release}/vmlinux`,
  `lib/modules/${release}/build/vmlinux`,
];

/**
 * Files that may be the kernel's, those that are named first. Which one it is their contents tell.
 * @param release `6.1.0-50-amd64`; null: not known yet
 */
export function vmlinuxCandidates(folders: readonly string[], release: string | null): readonly string[] {
  const named = folders.flatMap((folder) =>
    /^vmlinux/.test(basename(folder)) && existsSync(folder) && statSync(folder).isFile() ? [folder] : [],
  );
  const names =
    release === null
      ? ['vmlinux']
      : ['vmlinux', `vmlinux-${release}`, `${release}/vmlinux`, ...placesOf(release)];
  const inFolders = folders.flatMap((folder) => names.map((name) => join(folder, name)));
  const system = release === null ? [] : placesOf(release).map((place) => `/${place}`);
  return [...new Set([...named, ...inFolders, ...system])].filter((path) => existsSync(path));
}
