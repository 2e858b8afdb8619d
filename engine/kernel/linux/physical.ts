import { type LinuxTarget, readWord } from './target.ts';

/** Where x86-64's map of all memory is in kernels that do not move it. */
const UNMOVED_MAP = 0xffff_8880_0000_0000n;

type Addressed = Pick<LinuxTarget, 'machine' | 'memory' | 'symbol' | 'physical'>;

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
  return target.machine === 'aarch64' ? (target.physical?.(address) ?? null) : physicalOfX64(target, address);
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
