import { Bytes } from './bytes.ts';
import { buildIdIn } from './modules.ts';

const HEAD = 4096;
const PT_NOTE = 4;
const MOST_HEADERS = 64;
const LONGEST_NOTES = 4096;

/**
 * Of an ELF file of 64 bits that is mapped from its beginning on.
 * @param read null: it is not there
 * @returns null: no such file lies there; its build id null: it has none, or it cannot be read
 */
export async function buildIdInElf(
  read: (address: bigint, length: number) => Promise<Uint8Array | null>,
  start: bigint,
): Promise<{ readonly buildId: string | null } | null> {
  const page = await read(start, HEAD);
  const head = page && new Bytes(page);
  if (head?.u32(0) !== 0x464c457f || head.u8(4) !== 2) return null;
  const [at, size, count] = [Number(head.u64(32)), head.u16(54), head.u16(56)];
  for (let index = 0; index < Math.min(count, MOST_HEADERS); index++) {
    const header = at + index * size;
    if (head.u32(header) !== PT_NOTE) continue;
    const offset = Number(head.u64(header + 8));
    const length = Math.min(Number(head.u64(header + 32)), LONGEST_NOTES);
    const notes =
      offset + length <= HEAD
        ? head.data.subarray(offset, offset + length)
        : await read(start + BigInt(offset), length);
    const buildId = notes && buildIdIn(notes);
    if (buildId) return { buildId };
  }
  return { buildId: null };
}
