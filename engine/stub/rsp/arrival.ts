import { placeOf } from './memory-cache.ts';

const AT_PHDR = 3n;
const AT_SYSINFO_EHDR = 33n;
/** Pages of the vdso, which GDB reads whole. */
const VDSO_PAGES = 2;
/** Pages of link maps at most. */
const MOST = 16;

/** What GDB reads of a process it has just met: the program's headers, the vdso. */
export function pagesByAuxv(auxv: Buffer): number[] {
  const pages: number[] = [];
  for (let at = 0; at + 16 <= auxv.length; at += 16) {
    const type = auxv.readBigUInt64LE(at);
    const { page } = placeOf(auxv.readBigUInt64LE(at + 8).toString(16));
    if (type === AT_PHDR) pages.push(page);
    else if (type === AT_SYSINFO_EHDR)
      for (let index = 0; index < VDSO_PAGES; index += 1) pages.push(page + index);
  }
  return pages;
}

/** Where the loader keeps what it knows of each library. */
export function pagesByLibraries(xml: string): number[] {
  const all = [...xml.matchAll(/ lm="0x([0-9a-f]{1,16})"/g)].map((found) => placeOf(found[1] ?? '0').page);
  return [...new Set(all)].slice(0, MOST);
}
