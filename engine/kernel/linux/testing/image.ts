import { MadeMemory } from './memory.ts';

const NX = 1n << 63n;
export const TEXT = 0xffff_ffff_8860_0000n;
export const RODATA = 0xffff_ffff_88a0_0000n;
export const BANNER = 'Linux version 6.1.0-50-amd64 (a@b) (gcc) #1 SMP Debian\n\0';

/** Tables at 0x1000 and on: two large pages of code, then read-only data of one large and three small pages, then data. */
export function makeImage(fiveLevels = false): { memory: MadeMemory; root: bigint } {
  const memory = new MadeMemory();
  for (const at of [0x1000n, 0x2000n, 0x3000n, 0x4000n, 0x5000n]) memory.room(at, 4096);
  memory.word(0x1000n + 511n * 8n, 0x2003n);
  memory.word(0x2000n + 510n * 8n, 0x3003n);
  const first = 0x3000n + ((TEXT >> 21n) & 511n) * 8n;
  memory.word(first, 0x60_0000n | 0x1e1n).word(first + 8n, 0x80_0000n | 0x1e1n);
  memory.word(first + 16n, NX | 0xa0_0000n | 0x1e1n).word(first + 24n, 0x4003n);
  for (let page = 0n; page < 3n; page++)
    memory.word(0x4000n + page * 8n, NX | (0xc0_0000n + page * 4096n) | 0x161n);
  memory.word(0x4000n + 3n * 8n, NX | 0xc0_3000n | 0x163n);
  memory.word(0x5000n + 511n * 8n, 0x1003n);
  memory.put(RODATA, Buffer.concat([Buffer.from(`%s version %s\0${BANNER}`), Buffer.alloc(4096)]));
  return { memory, root: fiveLevels ? 0x5000n : 0x1000n };
}
