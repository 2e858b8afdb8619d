import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  encodePacket,
  expandRuns,
  isIntact,
  packetOf,
  type RspItem,
  RspReader,
  startOf,
  textOf,
  unescapeBody,
} from './packets.ts';

function read(bytes: Buffer, cuts: readonly number[] = [], limit?: number): RspItem[] {
  const items: RspItem[] = [];
  const reader = new RspReader(limit);
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  for (let i = 1; i < places.length; i += 1)
    reader.push(bytes.subarray(places[i - 1], places[i]), (item) => items.push(item));
  return items;
}

const told = (items: readonly RspItem[]) => items.map((item) => ('raw' in item ? textOf(item) : item.kind));

describe("packets of GDB's remote protocol", () => {
  it('come out of a stream with acknowledgements, breaks and notifications between them', () => {
    const items = read(Buffer.from('+$OK#9a-\x03%Stop:T05#00+$#00'));
    expect(told(items)).toEqual(['ack', 'OK', 'nack', 'break', 'Stop:T05', 'ack', '']);
    expect(items[1]).toMatchObject({ kind: 'packet', raw: Buffer.from('$OK#9a') });
    expect(items[4]).toMatchObject({ kind: 'notification' });
  });

  it('know whether they are intact', () => {
    const [good, bad, none] = read(Buffer.from('$OK#9a$OK#9b$OK#zz')) as never[];
    expect([isIntact(good as never), isIntact(bad as never), isIntact(none as never)]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('write runs out', () => {
    expect(expandRuns(Buffer.from('0* ')).toString()).toBe('0000');
    expect(expandRuns(Buffer.from('a0*"*!b')).toString()).toBe(`a${'0'.repeat(1 + 5 + 4)}b`);
    expect(expandRuns(Buffer.from('xyz')).toString()).toBe('xyz');
    expect(() => expandRuns(Buffer.from('*!'))).toThrow(
      expect.objectContaining({ code: 'PROTOCOL_VIOLATION' }),
    );
    expect(() => expandRuns(Buffer.from('0*'))).toThrow(
      expect.objectContaining({ code: 'PROTOCOL_VIOLATION' }),
    );
    expect(() => expandRuns(Buffer.from(`0${'*~'.repeat(100)}`), 1000)).toThrow(
      expect.objectContaining({ code: 'FRAME_TOO_LARGE' }),
    );
  });

  it('are refused beyond a limit, however they come', () => {
    const reader = new RspReader(64);
    const refused = expect.objectContaining({ code: 'FRAME_TOO_LARGE' });
    reader.push(Buffer.from(`$${'a'.repeat(60)}`), () => {});
    expect(() => reader.push(Buffer.from('aaaaaaaaa'), () => {})).toThrow(refused);
  });

  it('survive any bytes and any cuts', () => {
    const bodies = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 8 });
    fc.assert(
      fc.property(bodies, fc.array(fc.nat(), { maxLength: 12 }), (sent, cuts) => {
        const bytes = Buffer.concat(
          sent.flatMap((body) => [encodePacket(Buffer.from(body)), Buffer.from('+')]),
        );
        const items = read(bytes, cuts);
        expect(items).toHaveLength(sent.length * 2);
        for (const [index, body] of sent.entries()) {
          const item = items[index * 2];
          if (item?.kind !== 'packet') throw new Error('no packet');
          expect(isIntact(item)).toBe(true);
          expect(unescapeBody(item.body)).toEqual(Buffer.from(body));
        }
      }),
    );
  });

  it('never end a reader on garbage', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.array(fc.nat(), { maxLength: 5 }),
        (garbage, cuts) => {
          const whole = read(Buffer.from(garbage));
          expect(read(Buffer.from(garbage), cuts)).toEqual(whole);
          for (const item of whole) {
            if (!('body' in item)) continue;
            unescapeBody(item.body);
            try {
              expandRuns(item.body);
            } catch (error) {
              expect(error).toMatchObject({ code: 'PROTOCOL_VIOLATION' });
            }
          }
        },
      ),
    );
  });
});

it('the start of an answer is that of its text', () => {
  const runs = fc.array(
    fc.oneof(
      fc.constantFrom('0', 'a', 'f', 'x'),
      fc.integer({ min: 3, max: 97 }).map((count) => `*${String.fromCharCode(count + 29)}`),
    ),
    { maxLength: 40 },
  );
  fc.assert(
    fc.property(runs, fc.nat(300), (words, length) => {
      const packet = packetOf(Buffer.from(`$0${words.join('')}#00`, 'latin1'));
      expect(startOf(packet, length)).toBe(textOf(packet).slice(0, length));
    }),
  );
});
