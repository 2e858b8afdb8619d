import { expect, it } from 'vitest';
import { Writer } from './writer.ts';

it('keeps what is written as it grows, whatever lies at the edge', () => {
  const writer = new Writer();
  const rounds = 50_000;
  for (let round = 0; round < rounds; round++)
    writer
      .u8(round & 0xff)
      .u16(round & 0xffff)
      .unsigned(300)
      .signed(-2n);
  const { bytes } = writer;
  expect(bytes.length).toBe(rounds * 6);
  const wrong = Array.from({ length: rounds }, (_, round) => round).filter((round) => {
    const low = (round & 0xff).toString(16).padStart(2, '0');
    const high = ((round >> 8) & 0xff).toString(16).padStart(2, '0');
    return bytes.toString('hex', round * 6, round * 6 + 6) !== `${low}${low}${high}ac027e`;
  });
  expect(wrong).toEqual([]);
});
