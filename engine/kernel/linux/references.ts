import { Bytes } from './bytes.ts';
import { readRing } from './log.ts';
import { type LinuxTarget, readBytes, readWord } from './target.ts';

/** Of a function's code so much is read, bytes: what it looks at comes early. */
const CODE = 0x300;

/** Functions that begin with a look at the data, of which one at least is not inlined in any kernel from 5.10 on. */
const READERS = {
  prb: ['kmsg_dump_get_buffer', 'kmsg_dump_rewind', 'syslog_print_all', 'do_syslog', 'devkmsg_read'],
  modules: ['find_module_all', 'module_kallsyms_lookup_name', 'print_modules', 'module_get_kallsym'],
} as const;

export type UnlistedData = keyof typeof READERS;

export const UNLISTED_DATA = Object.keys(READERS) as readonly UnlistedData[];

/** Addresses that code of AArch64 makes with ADRP and an ADD, LDR or STR of 64 bits behind it (Arm ARM, C4.1). */
export function referencesOf(code: Uint8Array, start: bigint): readonly bigint[] {
  const words = new Bytes(code);
  const pages = new Map<number, bigint>();
  const found: bigint[] = [];
  for (let at = 0; at + 4 <= code.length; at += 4) {
    const word = words.u32(at);
    const [destination, base, immediate] = [word & 31, (word >>> 5) & 31, (word >>> 10) & 0xfff];
    const page = pages.get(base);
    if ((word & 0x9f000000) >>> 0 === 0x90000000) {
      const pageNumber = BigInt.asIntN(21, BigInt((((word >>> 5) & 0x7ffff) << 2) | ((word >>> 29) & 3)));
      pages.set(destination, ((start + BigInt(at)) & ~0xfffn) + (pageNumber << 12n));
    } else if (page !== undefined && (word & 0xffc00000) >>> 0 === 0x91000000)
      found.push(page + BigInt(immediate));
    // LDR and STR differ in one bit.
    else if (page !== undefined && (word & 0xff800000) >>> 0 === 0xf9000000)
      found.push(page + BigInt(immediate * 8));
  }
  return [...new Set(found)];
}

/**
 * Where data lies that a kernel without CONFIG_KALLSYMS_ALL does not list (Debian's for AArch64): among what functions that are listed
 * refer to, told by what it is. Null: it is not found.
 */
export async function findData(target: LinuxTarget, name: UnlistedData): Promise<bigint | null> {
  let empty: bigint | null = null;
  for (const reader of READERS[name]) {
    const start = target.symbol(reader);
    const code = start === null ? null : await target.memory.read(start, CODE);
    if (start === null || code === null) continue;
    for (const place of referencesOf(code, start)) {
      target.check();
      if (name === 'prb' ? await isRing(target, place) : await isListOfModules(target, place)) return place;
      if (name === 'modules' && empty === null && (await leadsTo(target, place)) === place) empty = place;
    }
  }
  return empty;
}

const inKernel = (address: bigint): boolean => address >> 48n === 0xffffn;

/** Its sizes are powers of two that are set when the kernel is built or started, and no more records are in it than it has room for. */
async function isRing(target: LinuxTarget, place: bigint): Promise<boolean> {
  const ring = await readRing({ ...target, symbol: () => place });
  if (ring === null || !inKernel(ring.descriptors) || !inKernel(ring.infos) || !inKernel(ring.text))
    return false;
  const used = BigInt.asUintN(62, ring.head - ring.tail);
  return ring.count >= 16n && ring.textSize >= 1n << 12n && ring.textSize <= 1n << 26n && used < ring.count;
}

/** Where a list's head leads that is led back to; null: it is none. */
async function leadsTo({ memory }: LinuxTarget, head: bigint): Promise<bigint | null> {
  const first = await readWord(memory, head);
  return first !== null && inKernel(first) && (await readWord(memory, first + 8n)) === head ? first : null;
}

async function isListOfModules(target: LinuxTarget, head: bigint): Promise<boolean> {
  const first = await leadsTo(target, head);
  if (first === null || first === head) return false;
  const list = await target.layouts.offset('module', 'list');
  const name = await target.layouts.offset('module', 'name');
  if (list === null || name === null) return false;
  const text = await readBytes(target.memory, first - BigInt(list) + BigInt(name), 56);
  return text !== null && /^\w[\w-]*$/.test(text.text(0, 56));
}
