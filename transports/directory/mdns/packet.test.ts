import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decode, encodeAnswer, encodeQuery, PTR } from './packet.ts';

describe('packets of mDNS', () => {
  it('ask, in the bytes that others understand', () => {
    const query = encodeQuery(0x1234);
    expect(query.toString('latin1')).toBe(
      '\x12\x34\0\0\0\x01\0\0\0\0\0\0\x07_hawser\x04_tcp\x05local\0\0\x0c\x80\x01',
    );
    expect(decode(query)).toEqual({ id: 0x1234, response: false, asks: true, hosts: [] });
  });

  it('answer with the name of the machine', () => {
    const answer = encodeAnswer(7, 'Birch.example.net', 24700);
    expect(decode(answer)).toEqual({ id: 7, response: true, asks: true, hosts: ['birch'] });
  });

  it('are read with names that point back, and not without end', () => {
    const head = Buffer.from([0, 1, 0x84, 0, 0, 0, 0, 1, 0, 0, 0, 0]);
    const service = encodeQuery(0).subarray(12, -4);
    const record = Buffer.from([0, PTR, 0, 1, 0, 0, 0, 9, 0, 8, 5, 0x62, 0x69, 0x72, 0x63, 0x68, 0xc0, 12]);
    expect(decode(Buffer.concat([head, service, record]))?.hosts).toEqual(['birch']);
    const circle = Buffer.concat([head, Buffer.from([0xc0, 12]), record]);
    expect(decode(circle)).toBeNull();
  });

  it('make no trouble, whatever is in them', () => {
    const query = [...encodeQuery(1)];
    const answer = [...encodeAnswer(1, 'birch', 1)];
    const bent = fc
      .tuple(fc.constantFrom(query, answer), fc.array(fc.tuple(fc.nat(80), fc.nat(255)), { maxLength: 6 }))
      .map(([bytes, changes]) => {
        const copy = Buffer.from(bytes);
        for (const [at, value] of changes) if (at < copy.length) copy[at] = value;
        return copy;
      });
    const any = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes));
    fc.assert(
      fc.property(fc.oneof(bent, any), (bytes) => {
        for (const host of decode(bytes)?.hosts ?? []) expect(host).toMatch(/^[\p{L}\p{N}_-]{1,63}$/u);
      }),
      { numRuns: 2_000 },
    );
  });
});
