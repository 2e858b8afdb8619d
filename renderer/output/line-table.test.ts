import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LineTable } from './line-table.ts';

const contents = (table: LineTable) => Array.from({ length: table.length }, (_, line) => table.at(line));

test('behaves as an array that is cut at the front, through any growth and compaction', () => {
  const step = fc.oneof(
    fc.record({ add: fc.integer({ min: 0, max: 9000 }), code: fc.nat(10) }),
    fc.record({ drop: fc.integer({ min: 0, max: 9000 }) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      const table = new LineTable();
      let model: number[] = [];
      for (const one of steps) {
        if ('add' in one) {
          const codes = new Array<number>(one.add).fill(one.code);
          table.append(codes);
          model = model.concat(codes);
        } else {
          table.dropFront(one.drop);
          model = model.slice(one.drop);
        }
      }
      expect(contents(table)).toEqual(model);
    }),
    { numRuns: 60 },
  );
});

test('a line can change its kind; one that is not there cannot', () => {
  const table = new LineTable();
  table.append([1, 2]);
  table.set(1, 7);
  table.set(2, 9);
  table.set(-1, 9);
  expect(contents(table)).toEqual([1, 7]);
});

test('after clear nothing is left', () => {
  const table = new LineTable();
  table.append([3]);
  table.clear();
  table.append([4]);
  expect(contents(table)).toEqual([4]);
});
