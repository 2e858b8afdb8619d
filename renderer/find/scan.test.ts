import { Text } from '@codemirror/state';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findNext, findPrevious, patternOf, tally } from './scan.ts';

const always = async () => true;
const pattern = (query: string, matchCase = false) => {
  const made = patternOf(query, matchCase);
  if (!made) throw new Error('no pattern');
  return made;
};

test('what is typed is taken as it stands', async () => {
  const doc = Text.of(['a.c', 'abc', '(x)*']);
  expect(await findNext(doc, pattern('a.c'), 1, always)).toEqual({ from: 0, to: 3 });
  expect(await findNext(doc, pattern('(X)*'), 0, always)).toEqual({ from: 8, to: 12 });
  expect(await findNext(doc, pattern('(X)*', true), 0, always)).toBeNull();
  expect(patternOf('', false)).toBeNull();
});

test('next and previous agree with a plain search, around both ends', async () => {
  const line = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 8 }), fc.nat(60), async (lines, where) => {
      const doc = Text.of(lines);
      const whole = lines.join('\n');
      const from = Math.min(where, whole.length);
      const starts = [...whole.matchAll(/b/g)].map((m) => m.index);
      const next = starts.find((s) => s >= from) ?? starts[0];
      const previous = starts.findLast((s) => s < from) ?? starts.at(-1);
      expect((await findNext(doc, pattern('b'), from, always))?.from).toBe(next);
      expect((await findPrevious(doc, pattern('b'), from, always))?.from).toBe(previous);
    }),
  );
});

test('counts all, and says which one this is', async () => {
  const doc = Text.of(['aa', 'ba']);
  expect(await tally(doc, pattern('a'), 4, always)).toEqual({ total: 3, index: 3 });
  expect(await tally(doc, pattern('z'), 4, always)).toEqual({ total: 0, index: 0 });
});

test('a search that is not wanted any more ends', async () => {
  const doc = Text.of(new Array<string>(10_000).fill('x'));
  let looks = 0;
  const stop = async () => ++looks < 2;
  expect(await findNext(doc, pattern('y'), 0, stop)).toBeNull();
  expect(await tally(doc, pattern('x'), 0, stop)).toBeNull();
  expect(looks).toBe(3);
});
