import { Bytes } from './bytes.ts';
import type { KernelMemory } from './memory.ts';

/** Part of the kernel's image, mapped in one way. */
export interface Run {
  readonly start: bigint;
  readonly end: bigint;
  readonly execute: boolean;
  readonly write: boolean;
}

/** Where an image lies: of x86-64 the kernel's own gigabyte of addresses. */
export const IMAGE_FIRST = 0xffff_ffff_8000_0000n;
export const IMAGE_END = 0xffff_ffff_c000_0000n;
/** Where kernels for x86-64 are linked, unless they were configured otherwise. */
export const USUAL_TEXT = 0xffff_ffff_8100_0000n;
const LARGE_PAGE = 0x20_0000n;
const PAGE = 4096n;
const FRAME = 0x000f_ffff_ffff_f000n;
const ENTRIES = 512;

/**
 * What of the image's gigabyte is mapped, out of x86-64's page tables: a page of them for the whole, another for each 2 MB in
 * small pages. Null: these tables do not have it, or cannot be read.
 * @param root cr3
 */
export async function imageRuns(
  physical: NonNullable<KernelMemory['physical']>,
  root: bigint,
  fiveLevels: boolean,
): Promise<readonly Run[] | null> {
  const entry = async (table: bigint, index: number): Promise<bigint | null> => {
    const bytes = await physical(table + BigInt(index * 8), 8);
    const value = bytes && new Bytes(bytes).u64(0);
    return value !== null && (value & 1n) === 1n ? value & FRAME : null;
  };
  let table: bigint | null = root & FRAME;
  for (const index of fiveLevels ? [511, 511, 510] : [511, 510]) {
    table = await entry(table, index);
    if (table === null) return null;
  }
  const large = await physical(table, ENTRIES * 8);
  if (large === null) return null;
  const runs: Run[] = [];
  const words = new Bytes(large);
  for (let index = 0; index < ENTRIES; index++) {
    const value = words.u64(index * 8);
    const start = IMAGE_FIRST + BigInt(index) * LARGE_PAGE;
    if ((value & 1n) === 0n) continue;
    if ((value & 0x80n) !== 0n) add(runs, start, LARGE_PAGE, value);
    else {
      const small = await physical(value & FRAME, ENTRIES * 8);
      if (small === null) return null;
      const pages = new Bytes(small);
      for (let page = 0; page < ENTRIES; page++) {
        const mapped = pages.u64(page * 8);
        if ((mapped & 1n) === 1n) add(runs, start + BigInt(page) * PAGE, PAGE, restricted(mapped, value));
      }
    }
  }
  return runs;
}

/** What the entry above takes away stays away. */
const restricted = (value: bigint, above: bigint): bigint =>
  (value & ~(1n << 63n) & ~2n) | ((value | above) & (1n << 63n)) | (value & above & 2n);

function add(runs: Run[], start: bigint, size: bigint, value: bigint): void {
  const execute = value >> 63n === 0n;
  const write = (value & 2n) !== 0n;
  const last = runs.at(-1);
  if (last && last.end === start && last.execute === execute && last.write === write)
    runs[runs.length - 1] = { ...last, end: start + size };
  else runs.push({ start, end: start + size, execute, write });
}

/** The image's beginning and its read-only data; null: this is no kernel that keeps them apart. */
export function partsOf(runs: readonly Run[]): { readonly text: bigint; readonly rodata: Run } | null {
  const [first] = runs;
  const rodata = runs.find(({ execute, write, start }) => !execute && !write && first && start > first.start);
  return first?.execute && rodata ? { text: first.start, rodata } : null;
}

/** So far below an instruction its kernel's image begins at most. */
const LARGEST_TEXT = 64n * 1024n * 1024n;

/**
 * The beginning of the image around an instruction of the kernel, by what can be read; null: the address lies in no image.
 * For stubs that show no physical memory. A read for every 2 MB.
 */
export async function imageAround(memory: KernelMemory, instruction: bigint): Promise<bigint | null> {
  if (instruction < IMAGE_FIRST || instruction >= IMAGE_END) return null;
  let found: bigint | null = null;
  for (let at = instruction & ~(LARGE_PAGE - 1n); at >= instruction - LARGEST_TEXT; at -= LARGE_PAGE) {
    if (at < IMAGE_FIRST || (await memory.read(at, 8)) === null) break;
    found = at;
  }
  return found;
}
