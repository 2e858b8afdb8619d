import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBlock, encodeBlock } from './block.ts';
import { type Step, type Trail, trailAfter, WIDTH, walk } from './trail.ts';

/** Blocks with these numbers of entries, at sequences of a stream shared with others. */
function chain(counts: readonly number[], gap = 3): Map<number, Step & { readonly count: number }> {
  const blocks = new Map<number, Step & { readonly count: number }>();
  let trail: Trail = [];
  let first = 1;
  let seq = 7;
  for (const count of counts) {
    blocks.set(seq, { seq, first, trail, count });
    trail = trailAfter({ seq, first, trail });
    first += count;
    seq += gap;
  }
  return blocks;
}

async function found(blocks: Map<number, Step>, from: number): Promise<{ seqs: number[]; fetched: number }> {
  const last = [...blocks.values()].at(-1);
  if (!last) throw new Error('no blocks');
  const seqs: number[] = [];
  let fetched = 0;
  for await (const seq of walk(last, from, async (at) => {
    fetched++;
    return blocks.get(at);
  }))
    seqs.push(seq);
  return { seqs, fetched };
}

describe('the trail of a history', () => {
  it('leads from the last block to any other and on to the end', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 2600 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        async (counts, where) => {
          const blocks = chain(counts);
          const total = counts.reduce((sum, count) => sum + count, 0);
          const from = 1 + Math.floor(where * (total - 1));
          const expected = [...blocks.values()].filter(
            ({ first, count, seq }) => first + count > from || seq === [...blocks.keys()].at(-1),
          );
          expect((await found(blocks, from)).seqs).toEqual(expected.map(({ seq }) => seq));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('needs one read for each level to find one of a hundred thousand, and stays short', async () => {
    const blocks = chain(Array.from({ length: 100_000 }, () => 1));
    const last = [...blocks.values()].at(-1) as Step;
    expect(last.trail.length).toBe(4);
    for (const { trail } of blocks.values())
      for (const level of trail) expect(level.length).toBeLessThanOrEqual(WIDTH);
    let reads = 0;
    for await (const seq of walk(last, 50_000, async (at) => {
      reads++;
      return blocks.get(at);
    })) {
      expect(blocks.get(seq)?.first).toBe(50_000);
      break;
    }
    expect(reads).toBeLessThanOrEqual(4);
  });

  it('goes on with what is left where the oldest is gone', async () => {
    const blocks = chain(Array.from({ length: 3000 }, () => 1));
    for (const seq of [...blocks.keys()].slice(0, 1500)) blocks.delete(seq);
    const { seqs } = await found(blocks, 1);
    expect(seqs.slice(-1400)).toEqual([...blocks.keys()].slice(-1400));
  });
});

describe('a block of a history', () => {
  const sealed = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes).toString('base64')),
  );

  it('is read as it was written', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ at: fc.double({ noNaN: true }), sealed }), { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 1, max: 2 ** 40 }),
        fc.integer({ min: 0, max: 1100 }),
        fc.integer({ min: 0, max: 2 ** 50 }),
        (bodies, first, steps, before) => {
          const trail = [...chain(Array.from({ length: steps + 1 }, () => 2)).values()].at(-1)?.trail ?? [];
          const entries = bodies.map((body, index) => ({ seq: first + index, ...body }));
          expect(decodeBlock(encodeBlock({ trail, before, entries }))).toEqual({ trail, before, entries });
        },
      ),
    );
  });

  it('is refused where it is damaged, never misread at length', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          decodeBlock(bytes);
        } catch (error) {
          expect(error).toMatchObject({ code: 'STORE_FAILED' });
        }
      }),
    );
  });
});
