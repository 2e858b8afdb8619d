import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stuff, stuffedLength, unstuff } from './cobs.ts';
import { Deframer } from './deframer.ts';
import { fromLine, headOf, Kind, MAX_FRAME_PAYLOAD, makeFrame, toLine } from './frame.ts';
import { ackFrame, readAck, readSequenced, sequencedFrame } from './messages.ts';
import { unwrap } from './sequence.ts';

/** Bytes with many zeros and long runs without any, where stuffing has its corners. */
const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 1200 }),
  fc.array(fc.constantFrom(0, 1, 255), { maxLength: 1200 }).map((list) => Uint8Array.from(list)),
  fc.integer({ min: 0, max: 1100 }).map((length) => new Uint8Array(length).fill(7)),
);
const head = { kind: Kind.data, fromAcceptor: false, channel: 3, id: 0xbeef };
const dataFrame = (payload: Uint8Array) => sequencedFrame(head, 70_000, payload);

describe('stuffing', () => {
  it('is undone, has no zero in it, and is no longer than said', () => {
    fc.assert(
      fc.property(bytes, (input) => {
        const out = Buffer.alloc(stuffedLength(input.length));
        const stuffed = out.subarray(0, stuff(input, out, 0));
        expect(stuffed.includes(0)).toBe(false);
        expect(unstuff(stuffed)).toEqual(Buffer.from(input));
      }),
      { numRuns: 500 },
    );
  });

  it.each([0, 1, 253, 254, 255, 508, 509])(
    'takes %i bytes without a zero, and with one at the end',
    (length) => {
      for (const input of [
        new Uint8Array(length).fill(9),
        Uint8Array.from([...new Uint8Array(length).fill(9), 0]),
      ]) {
        const out = Buffer.alloc(stuffedLength(input.length));
        expect(unstuff(out.subarray(0, stuff(input, out, 0)))).toEqual(Buffer.from(input));
      }
    },
  );
});

describe('frames', () => {
  it('have the bytes that the documentation shows', () => {
    const bytes = toLine(dataFrame(Buffer.from('hi'))).toString('hex');
    expect(bytes).toBe('0d0403beef117068697fda89fc00');
    const doc = readFileSync(new URL('../../../docs/protocol.md', import.meta.url), 'utf8');
    expect(doc.replaceAll(' ', '')).toContain(bytes);
  });

  it('come out as they went in, in whatever pieces, after whatever garbage', () => {
    const garbage = fc.uint8Array({ maxLength: 300 });
    const cut = fc.integer({ min: 1, max: 64 });
    fc.assert(
      fc.property(fc.array(fc.tuple(garbage, bytes), { maxLength: 8 }), cut, (list, size) => {
        const got: Buffer[] = [];
        const deframer = new Deframer((frame) => got.push(frame));
        // A zero ends the garbage, as the end of a damaged frame would.
        const line = Buffer.concat(
          list.flatMap(([noise, payload]) => [noise, Buffer.of(0), toLine(dataFrame(payload))]),
        );
        for (let at = 0; at < line.length; at += size) deframer.push(line.subarray(at, at + size));
        expect(got).toEqual(list.map(([, payload]) => dataFrame(payload)));
      }),
      { numRuns: 200 },
    );
  });

  it('are dropped when a byte is changed, lost or added, and the next one is read', () => {
    const damage = fc.tuple(
      fc.nat(),
      fc.integer({ min: 1, max: 255 }),
      fc.constantFrom('change', 'drop', 'add'),
    );
    fc.assert(
      fc.property(bytes, damage, (payload, [where, by, how]) => {
        const line = [...toLine(dataFrame(payload))];
        const at = where % line.length;
        if (how === 'change') line[at] = (line[at] ?? 0) ^ by;
        else if (how === 'drop') line.splice(at, 1);
        else line.splice(at, 0, by);
        const got: Buffer[] = [];
        const deframer = new Deframer((frame) => got.push(frame));
        deframer.push(Buffer.from(line));
        deframer.push(Buffer.of(0));
        const next = dataFrame(Buffer.from('next'));
        deframer.push(toLine(next));
        for (const frame of got.slice(0, -1)) expect(frame).toEqual(dataFrame(payload));
        expect(got.at(-1)).toEqual(next);
      }),
      { numRuns: 500 },
    );
  });

  it('longer than any may be are dropped without being kept', () => {
    const got: Buffer[] = [];
    const deframer = new Deframer((frame) => got.push(frame));
    for (let n = 0; n < 100; n++) deframer.push(Buffer.alloc(1000, 1));
    expect(deframer.garbage).toBe(100_000);
    const largest = dataFrame(Buffer.alloc(MAX_FRAME_PAYLOAD, 1));
    deframer.push(Buffer.concat([Buffer.of(0), toLine(largest)]));
    expect(got).toEqual([largest]);
    expect(fromLine(toLine(dataFrame(Buffer.alloc(MAX_FRAME_PAYLOAD + 1))).subarray(0, -1))).toBeNull();
    expect(headOf(makeFrame(head).subarray(0, 3))).toBeNull();
  });
});

describe('numbers', () => {
  it('are found again from their last 16 bits', () => {
    fc.assert(
      fc.property(fc.nat(10_000_000), fc.integer({ min: -32_000, max: 32_000 }), (near, away) => {
        expect(unwrap((near + away) & 0xffff, near)).toBe(near + away);
      }),
    );
    expect(readSequenced(dataFrame(Buffer.alloc(0)), 69_000)?.sequence).toBe(70_000);
  });

  it('are acknowledged one by one beyond the first that is missing', () => {
    const has = new Set([101, 102, 109, 355, 400]);
    const ack = readAck(ackFrame({ ...head, kind: Kind.ack }, 100, 356, has), 90);
    expect(ack).toMatchObject({ next: 100, limit: 356 });
    const told = Array.from({ length: 400 }, (_, n) => n).filter((n) => ack?.has(n));
    expect(told.map((n) => n + 101)).toEqual([101, 102, 109, 355]);
  });
});
