import { Btf } from './btf.ts';
import { Bytes } from './bytes.ts';
import type { ElfMachine } from './elf.ts';
import { IMAGE_FIRST } from './image.ts';
import { findBanner, findKallsyms, type KernelSymbol } from './kallsyms.ts';
import { type Layouts, layoutsOfBtf } from './layouts.ts';
import { readOnlyData, slideOf } from './locate.ts';
import type { Located } from './located.ts';
import { type KernelMemory, readFar } from './memory.ts';
import { buildIdIn } from './modules.ts';
import { OLD_ORC, Orc, type OrcLayout, orcLayout } from './orc.ts';
import { type LinuxTarget, readBytes } from './target.ts';
import { unlisted } from './unlisted.ts';
import type { Vmlinux } from './vmlinux.ts';

/** A kernel whose symbols are known. */
export interface KnownKernel {
  readonly text: bigint;
  readonly end: bigint;
  readonly banner: string;
  /** How far KASLR has moved it; null: where it was linked is not known. */
  readonly slide: bigint | null;
  readonly buildId: string | null;
  readonly symbols: Map<string, bigint>;
  /** Read from memory; null: they are a file's. */
  readonly list: readonly KernelSymbol[] | null;
  readonly btf: Btf | null;
  /** The file that matches; null: memory told all. */
  readonly file: Vmlinux | null;
}

const BANNER = 512;

/** The banner at an address, without its end of line; null: there is none. */
export async function bannerAt(memory: KernelMemory, address: bigint): Promise<string | null> {
  const bytes = await memory.read(address, BANNER);
  const found = bytes && findBanner(bytes);
  return found?.at === 0 ? found.text : null;
}

/**
 * Whether a file is that of the kernel which begins at `text`: by its build id among the kernel's notes, or by its banner.
 * Two reads.
 */
export async function matchFile(
  memory: KernelMemory,
  text: bigint | null,
  file: Vmlinux,
): Promise<KnownKernel | null> {
  const { symbols } = file;
  const linked = symbols.get('_text') ?? symbols.get('_stext');
  const bannerIn = symbols.get('linux_banner');
  if (linked === undefined || bannerIn === undefined) return null;
  const slide = text === null ? 0n : slideOf(text, linked);
  const moved = (address: bigint): bigint => BigInt.asUintN(64, address + slide);
  const banner = await bannerAt(memory, moved(bannerIn));
  if (banner === null) return null;
  const [from, to] = [symbols.get('__start_notes'), symbols.get('__stop_notes')];
  const notes =
    from !== undefined && to !== undefined && to > from
      ? await memory.read(moved(from), Math.min(65_536, Number(to - from)))
      : null;
  const buildId = notes && buildIdIn(notes);
  const same = buildId !== null && file.buildId !== null ? buildId === file.buildId : banner === file.banner;
  if (!same) return null;
  return {
    text: moved(linked),
    end: moved(symbols.get('_end') ?? linked + 0x400_0000n),
    banner,
    slide,
    buildId: buildId ?? file.buildId,
    // What is a processor's own counts from zero, and stays.
    symbols: new Map(
      [...symbols].map(([name, address]) => [name, address >> 63n === 1n ? moved(address) : address]),
    ),
    list: null,
    btf: null,
    file,
  };
}

/** Symbols and types out of the kernel's own memory. Null: it has no kallsyms, or in a form that is not known. */
export async function readKernel(
  memory: KernelMemory,
  located: Located,
  check: () => void,
): Promise<KnownKernel | null> {
  const rodata = await readOnlyData(memory, located, check);
  const list = findKallsyms(rodata);
  if (!list) return null;
  const symbols = new Map<string, bigint>();
  for (const { name, address } of list) if (!symbols.has(name)) symbols.set(name, address);
  const start = located.rodata?.start ?? located.text;
  for (const [name, at] of unlisted(rodata)) if (!symbols.has(name)) symbols.set(name, start + BigInt(at));
  if (located.rodata) {
    const { start: from, end: to } = located.rodata;
    const bounds = { _text: located.text, _etext: from, __start_rodata: from, __end_rodata: to, _end: to };
    for (const [name, at] of Object.entries(bounds)) if (!symbols.has(name)) symbols.set(name, at);
  }
  // There may be others like it, that were made before the kernel was linked for the last time.
  const bannerIn = symbols.get('linux_banner');
  const banner = bannerIn === undefined ? null : await bannerAt(memory, bannerIn);
  if (banner === null) return null;
  const block = (from: string, to: string) => readBlock(memory, symbols, from, to, check, located, rodata);
  const types = await block('__start_BTF', '__stop_BTF');
  const notes = await block('__start_notes', '__stop_notes');
  const text = symbols.get('_text') ?? located.text;
  return {
    text,
    end: symbols.get('_end') ?? text,
    banner,
    slide: (await toldSlide(memory, symbols)) ?? (text >= IMAGE_FIRST ? slideOf(text) : null),
    buildId: notes && buildIdIn(notes),
    symbols,
    list,
    btf: types && Btf.parse(types),
    file: null,
  };
}

const LARGEST_BLOCK = 64n * 1024n * 1024n;

async function readBlock(
  memory: KernelMemory,
  symbols: ReadonlyMap<string, bigint>,
  from: string,
  to: string,
  check: () => void,
  { rodata, text }: Located,
  had: Uint8Array,
): Promise<Uint8Array | null> {
  const [start, end] = [symbols.get(from), symbols.get(to)];
  if (start === undefined || end === undefined || end <= start || end - start > LARGEST_BLOCK) return null;
  const at = Number(start - (rodata?.start ?? text));
  const length = Number(end - start);
  if (at >= 0 && at + length <= had.length) return had.subarray(at, at + length);
  const bytes = await readFar(memory, start, length, check);
  return bytes.length === length ? bytes : null;
}

/** What the kernel notes for its own crash dumps (VMCOREINFO); null: it does not. */
async function toldSlide(memory: KernelMemory, symbols: ReadonlyMap<string, bigint>): Promise<bigint | null> {
  const pointer = symbols.get('vmcoreinfo_data');
  const at = pointer === undefined ? null : await readBytes(memory, pointer, 8);
  const note = at && (await readBytes(memory, at.u64(0), 4096));
  const digits = note && /^KERNELOFFSET=([0-9a-f]+)$/m.exec(note.text(0))?.[1];
  return digits ? BigInt(`0x${digits}`) : null;
}

/** How the kernel's code is unwound; null: it has no ORC. Reads a few megabytes. */
export async function readOrc(
  memory: KernelMemory,
  { symbols, btf }: KnownKernel,
  layouts: Layouts,
  check: () => void,
): Promise<Orc | null> {
  const block = async (from: string, to: string): Promise<Uint8Array | null> => {
    const [start, end] = [symbols.get(from), symbols.get(to)];
    if (start === undefined || end === undefined || end <= start || end - start > LARGEST_BLOCK) return null;
    const bytes = await readFar(memory, start, Number(end - start), check);
    return bytes.length === Number(end - start) ? bytes : null;
  };
  const ips = await block('__start_orc_unwind_ip', '__stop_orc_unwind_ip');
  const entries = await block('__start_orc_unwind', '__stop_orc_unwind');
  const ipsAt = symbols.get('__start_orc_unwind_ip');
  if (!ips || !entries || ipsAt === undefined) return null;
  return new Orc(ips, ipsAt, entries, await orcLayoutOf(btf, layouts));
}

export async function orcLayoutOf(btf: Btf | null, layouts: Layouts): Promise<OrcLayout> {
  if (btf) return orcLayout(btf);
  // A bit-field has no address to ask for: 6.4 came with another member of struct module.
  return (await layouts.offset('module', 'mem')) === null ? OLD_ORC : { typeBits: 3, hasEnd: false };
}

/** A kernel as its structures are read. */
export function targetOf(
  machine: ElfMachine,
  memory: KernelMemory,
  { symbols, btf }: KnownKernel,
  expressions: Layouts,
  check: () => void,
): LinuxTarget {
  return {
    machine,
    memory,
    layouts: btf ? layoutsOfBtf(btf) : expressions,
    symbol: (name) => symbols.get(name) ?? null,
    check,
  };
}

/** The task that a processor is at; null: that is not known. */
export async function currentTask(target: LinuxTarget, processor: number): Promise<bigint | null> {
  const offsets = target.symbol('__per_cpu_offset');
  // Since 6.2 it stands with other things that are often needed.
  const place = target.symbol('current_task') ?? target.symbol('pcpu_hot');
  if (offsets === null || place === null) return null;
  const offset = await readBytes(target.memory, offsets + BigInt(8 * processor), 8);
  if (!offset) return null;
  const at = await readBytes(target.memory, BigInt.asUintN(64, place + offset.u64(0)), 8);
  return at ? new Bytes(at.data).u64(0) : null;
}
