import { imageAround, imageRuns, partsOf, USUAL_TEXT } from './image.ts';
import { locateArm64 } from './image-arm64.ts';
import { findBanner } from './kallsyms.ts';
import type { Located, Processor } from './located.ts';
import { type KernelMemory, readFar, throughTables } from './memory.ts';

/** Kernels with the isolation of page tables have two roots; the kernel's own has this bit clear. */
const USER_ROOT = 0x1000n;
/** The banner is among the first of the read-only data. */
const NEAR = 4096;

/**
 * Looks for Linux's image. On x86-64: a handful of pages of page tables, where physical memory can be read, else a read for every
 * 2 MB below the instruction that a processor is at. Null: there is none, or it cannot be seen from where the processors are.
 */
export async function locate(
  memory: KernelMemory,
  processors: readonly Processor[],
): Promise<Located | null> {
  for (const { cr3, cr4 } of processors) {
    if (cr3 === null || memory.physical === null) continue;
    for (const root of cr3 & USER_ROOT ? [cr3 & ~USER_ROOT, cr3] : [cr3]) {
      const fiveLevels = ((cr4 >> 12n) & 1n) === 1n;
      const runs = await imageRuns(memory.physical, root, fiveLevels);
      const parts = runs && partsOf(runs);
      if (!parts) continue;
      const tables = root === cr3 ? null : { root, fiveLevels };
      const reach = tables ? throughTables(memory, tables) : memory;
      const start = await reach.read(parts.rodata.start, NEAR);
      return { ...parts, tables, banner: start && (findBanner(start)?.text ?? null) };
    }
  }
  for (const processor of processors) {
    const found = await locateArm64(memory, processor);
    if (found) return found;
  }
  if (memory.physical !== null) return null;
  for (const { ip } of processors) {
    const text = await imageAround(memory, ip);
    if (text !== null) return { text, rodata: null, banner: null, tables: null };
  }
  return null;
}

/** Where no page tables tell: code and read-only data together are no larger. */
const LARGEST = 48 * 1024 * 1024;

/** All that kallsyms and types may lie in, with where it begins. */
export async function readOnlyData(
  memory: KernelMemory,
  { text, rodata }: Located,
  check: () => void,
): Promise<Uint8Array> {
  if (rodata) return readFar(memory, rodata.start, Number(rodata.end - rodata.start), check);
  return readFar(memory, text, LARGEST, check);
}

/** `6.1.0-50-amd64`. */
export const releaseOf = (banner: string): string => /^Linux version (\S+)/.exec(banner)?.[1] ?? '';

/** How far a kernel was moved from where it was linked; without a file it is taken to be linked where all are. */
export const slideOf = (text: bigint, linked = USUAL_TEXT): bigint => BigInt.asUintN(64, text - linked);
