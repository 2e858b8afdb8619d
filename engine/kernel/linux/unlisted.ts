import { Bytes } from './bytes.ts';
import { findBanner } from './kallsyms.ts';

/** Of BTF's header: magic, version 1, no flags, its own length. */
const BTF_START = Buffer.from([0x9f, 0xeb, 1, 0, 24, 0, 0, 0]);

/**
 * Where in read-only data lies what kallsyms does not list in kernels without CONFIG_KALLSYMS_ALL, by the names of its symbols:
 * the banner, and the types.
 */
export function unlisted(rodata: Uint8Array): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  const banner = lastBanner(rodata);
  if (banner !== null) found.set('linux_banner', banner);
  const bytes = Buffer.from(rodata.buffer, rodata.byteOffset, rodata.length);
  const words = new Bytes(rodata);
  for (let at = bytes.indexOf(BTF_START); at >= 0; at = bytes.indexOf(BTF_START, at + 1)) {
    // The strings come last, right behind the types.
    const [types, typesSize] = [words.u32(at + 8), words.u32(at + 12)];
    const [strings, stringsSize] = [words.u32(at + 16), words.u32(at + 20)];
    const end = at + BTF_START.length + 16 + strings + stringsSize;
    if (types !== 0 || strings !== typesSize || end > rodata.length) continue;
    found.set('__start_BTF', at).set('__stop_BTF', end);
    break;
  }
  return found;
}

/** Another may stand before it, that was made before the kernel was linked for the last time: it has no number (`#1`). */
function lastBanner(rodata: Uint8Array): number | null {
  let last: number | null = null;
  for (let from = 0; ; ) {
    const found = findBanner(rodata.subarray(from));
    if (!found) return last;
    last = from + found.at;
    if (/ #\d/.test(found.text)) return last;
    from = last + 1;
  }
}
