import { type LinuxTarget, readWord } from './target.ts';

/** Where x86-64's map of all memory is in kernels that do not move it. */
const UNMOVED_MAP = 0xffff_8880_0000_0000n;
/** That of AArch64, with addresses of 48 bits. */
const ARM64_MAP = 0xffff_0000_0000_0000n;
const ARM64_MAP_END = 0xffff_8000_0000_0000n;

type Addressed = Pick<LinuxTarget, 'machine' | 'memory' | 'symbol'>;

/** Words that stay as they are while the target stands. */
const kept = new WeakMap<Addressed, Map<string, Promise<bigint | null>>>();

/** The word that a symbol names; asked for once. Null: there is no such symbol, or it cannot be read. */
function wordAt(target: Addressed, name: string): Promise<bigint | null> {
  const words = kept.get(target) ?? new Map<string, Promise<bigint | null>>();
  kept.set(target, words);
  const at = target.symbol(name);
  const word = words.get(name) ?? (at === null ? Promise.resolve(null) : readWord(target.memory, at));
  words.set(name, word);
  return word;
}

/** Of an address in Linux's map of all memory, or in its own image. */
export async function physicalOf(target: Addressed, address: bigint): Promise<bigint | null> {
  return target.machine === 'aarch64' ? physicalOfArm64(target, address) : physicalOfX64(target, address);
}

function isInImage(target: Addressed, address: bigint): boolean {
  const text = target.symbol('_text');
  const end = target.symbol('_end');
  return text !== null && end !== null && address >= text && address < end;
}

async function physicalOfX64(target: Addressed, address: bigint): Promise<bigint | null> {
  if (isInImage(target, address)) {
    const base = await wordAt(target, 'phys_base');
    return base === null ? null : BigInt.asUintN(64, address - 0xffff_ffff_8000_0000n + base);
  }
  const base =
    target.symbol('page_offset_base') === null ? UNMOVED_MAP : await wordAt(target, 'page_offset_base');
  return base === null || address < base ? null : address - base;
}

async function physicalOfArm64(target: Addressed, address: bigint): Promise<bigint | null> {
  if (isInImage(target, address)) {
    const distance = await wordAt(target, 'kimage_voffset');
    return distance === null ? null : BigInt.asUintN(64, address - distance);
  }
  const start = await wordAt(target, 'memstart_addr');
  if (start === null || address < ARM64_MAP || address >= ARM64_MAP_END) return null;
  return BigInt.asUintN(64, address - ARM64_MAP + start);
}
