import fc from 'fast-check';
import { expect, it } from 'vitest';
import { farRequest, parseFarRequest, RowReader, RowWriter } from './far-steps.ts';

const places = [
  { offset: 0, size: 8 },
  { offset: 16, size: 4 },
  { offset: 20, size: 8 },
];
const BYTES = 28;

it('values come as they were, in any number of pieces', () => {
  const registers = fc.uint8Array({ minLength: BYTES, maxLength: BYTES });
  fc.assert(
    fc.property(fc.array(fc.tuple(registers, fc.boolean()), { minLength: 1, maxLength: 30 }), (rows) => {
      const writer = new RowWriter();
      const steps = { count: rows.length, places, rows: [] as (readonly bigint[])[] };
      const reader = new RowReader(steps);
      for (const [at, [row, cut]] of rows.entries()) {
        writer.add(Buffer.from(row).toString('hex'));
        if (cut || at === rows.length - 1) expect(reader.read(writer.take())).toBe(true);
      }
      const values = rows.map(([row]) => {
        const bytes = Buffer.from(row);
        return [bytes.readBigUInt64LE(0), BigInt(bytes.readUInt32LE(16)), bytes.readBigUInt64LE(20)];
      });
      expect(steps.rows).toEqual(values);
    }),
  );
});

it('what is not there is 0, and what did not change is not sent again', () => {
  const writer = new RowWriter();
  const steps = { count: 2, places, rows: [] as (readonly bigint[])[] };
  const reader = new RowReader(steps);
  writer.add('xx'.repeat(BYTES));
  reader.read(writer.take());
  writer.add('xx'.repeat(BYTES));
  expect(writer.length).toBe(0);
  reader.read(writer.take());
  expect(steps.rows).toEqual([
    [0n, 0n, 0n],
    [0n, 0n, 0n],
  ]);
  expect(reader.read('T05thread:1;')).toBe(false);
});

it('a single step becomes many, other ways to resume do not', () => {
  const steps = { count: 250, places, rows: [] };
  const request = farRequest('vCont;s:p1f.20', steps);
  expect(request).toBe('vHawser.steps:fa,1c;vCont;s:p1f.20');
  expect(parseFarRequest(request ?? '')).toEqual({
    count: 250,
    bytes: BYTES,
    resume: 'vCont;s:p1f.20',
    thread: 'p1f.20',
  });
  for (const other of ['vCont;c:p1f.20', 'vCont;s:p1f.20;c', 'vCont;S05:p1f.20', 'vCont;r1,2:p1f.20', 's'])
    expect(farRequest(other, steps)).toBeNull();
  for (const wrong of ['vHawser.steps:0,1;vCont;s:1', 'vHawser.steps:5;vCont;s:1', 'vHawser.steps:5,5;c'])
    expect(parseFarRequest(wrong)).toBeNull();
});
