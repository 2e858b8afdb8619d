import type { Btf } from './btf.ts';
import { dwarfOf } from './btf-dwarf.ts';
import { type ElfMachine, type ElfSection, type ElfSymbol, elfFile } from './elf.ts';
import type { KernelSymbol } from './kallsyms.ts';
import type { Orc } from './orc.ts';
import { cfiOf } from './orc-cfi.ts';

/** What of an image's addresses is code and what is data. */
export interface Extent {
  readonly name: string;
  readonly start: bigint;
  readonly end: bigint;
  readonly execute: boolean;
  readonly write: boolean;
}

/** The extents of the kernel itself, by the symbols that bound them; those that it has. */
export function kernelExtents(symbols: ReadonlyMap<string, bigint>): readonly Extent[] {
  const bounds: readonly (readonly [string, string, string, boolean, boolean])[] = [
    ['.text', '_text', '_etext', true, false],
    ['.rodata', '__start_rodata', '__end_rodata', false, false],
    ['.data', '_sdata', '_edata', false, true],
    ['.init.text', '_sinittext', '_einittext', true, false],
    ['.bss', '__bss_start', '__bss_stop', false, true],
  ];
  return bounds.flatMap(([name, from, to, execute, write]) => {
    const start = symbols.get(from);
    const end = symbols.get(to);
    return start !== undefined && end !== undefined && end > start
      ? [{ name, start, end, execute, write }]
      : [];
  });
}

/** Letters of code; weak symbols may be either, and are told apart by where they lie. */
const CODE = 'TtWw';

export interface SymbolFileOptions {
  readonly btf?: Btf | null;
  readonly orc?: Orc | null;
  readonly name: string;
  /** Default x86-64. */
  readonly machine?: ElfMachine;
}

/** A file of symbols, types and unwinding for a debugger, at the addresses of the target. */
export function symbolFile(
  extents: readonly Extent[],
  symbols: readonly KernelSymbol[],
  { btf, orc, name, machine = 'x86-64' }: SymbolFileOptions,
): Buffer {
  const sections: ElfSection[] = extents.map(({ name: section, start, end, execute, write }) => ({
    name: section,
    address: start,
    execute,
    write,
    content: end - start,
  }));
  const codeEnd = extents.filter(({ execute }) => execute).at(-1)?.end;
  if (orc && codeEnd !== undefined) sections.push({ name: '.debug_frame', content: cfiOf(orc, codeEnd) });
  if (btf) {
    const dwarf = dwarfOf(btf, name);
    sections.push(
      { name: '.debug_info', content: dwarf.info },
      { name: '.debug_abbrev', content: dwarf.abbreviations },
      { name: '.debug_str', content: dwarf.strings },
    );
  }
  return elfFile(machine, sections, withSizes(extents, symbols));
}

/** A function reaches to the next symbol, as kallsyms itself takes it. */
function withSizes(extents: readonly Extent[], symbols: readonly KernelSymbol[]): readonly ElfSymbol[] {
  const sorted = [...symbols].sort((a, b) => (a.address < b.address ? -1 : a.address > b.address ? 1 : 0));
  const code = extents.filter(({ execute }) => execute);
  let next = sorted.length;
  return sorted.map(({ name, type, address }, index) => {
    if (next <= index || next === sorted.length) next = index + 1;
    while (next < sorted.length && sorted[next]?.address === address) next++;
    const isCode = CODE.includes(type) && code.some(({ start, end }) => address >= start && address < end);
    const after = sorted[next]?.address;
    const size = isCode && after !== undefined ? after - address : 0n;
    return { name, address, size, kind: isCode ? 'function' : 'data', global: type === type.toUpperCase() };
  });
}
