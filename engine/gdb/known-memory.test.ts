import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KnownMemory } from './known-memory.ts';

/** Pages 1, 2 and 4 can be read; each byte is its address's low byte. */
function memory() {
  const reads: string[] = [];
  let changes = 0;
  const known = new KnownMemory(
    async (address, length) => {
      reads.push(`${address.toString(16)} ${length.toString(16)}`);
      const bytes = new Uint8Array(length);
      const readable = new Uint8Array(length);
      for (let index = 0; index < length; index++) {
        const at = Number(address) + index;
        readable[index] = [1, 2, 4].includes(at >> 12) ? 1 : 0;
        bytes[index] = readable[index] ? at & 0xff : 0;
      }
      return { address, bytes, readable: readable.includes(0) ? readable : null };
    },
    () => changes,
  );
  return { known, reads, change: () => changes++ };
}

describe('memory that was read', () => {
  it('is read once until something may have changed it', async () => {
    const { known, reads, change } = memory();
    await known.read(0x1010n, 16);
    await known.read(0x1ff8n, 16);
    await known.read(0x1000n, 0x2000);
    expect(reads).toEqual(['1000 1000', '2000 1000']);
    change();
    await known.read(0x1010n, 16);
    expect(reads).toHaveLength(3);
  });

  it('is what a read of its own would have brought', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 0x5fff }), fc.integer({ min: 0, max: 0x3000 })), {
          minLength: 1,
          maxLength: 6,
        }),
        async (asked) => {
          const { known } = memory();
          for (const [from, length] of asked) {
            const { bytes, readable } = await known.read(BigInt(from), length);
            const can = Array.from({ length }, (_, index) => [1, 2, 4].includes((from + index) >> 12));
            expect([...bytes]).toEqual(can.map((one, index) => (one ? (from + index) & 0xff : 0)));
            expect(readable === null ? can.map(() => true) : [...readable].map(Boolean)).toEqual(can);
          }
        },
      ),
      { numRuns: 50 },
    );
  });
});
