import { describe, expect, it } from 'vitest';
import { readObject } from './objects.ts';
import { encodePacket, packetOf, type RspPacket } from './packets.ts';

/** As gdbserver keeps a list: made at its beginning, forgotten when it is asked for beyond its end. */
function listing(whole: string, most: number): (raws: readonly Buffer[]) => Promise<RspPacket[]> {
  let kept = '';
  return async (raws) =>
    raws.map((raw) => {
      const [, at = '', length = ''] = /:([0-9a-f]+),([0-9a-f]+)#/.exec(raw.toString()) ?? [];
      const offset = Number.parseInt(at, 16);
      if (offset === 0) kept = whole;
      if (offset >= kept.length) {
        kept = '';
        return packetOf(encodePacket('l'));
      }
      const data = kept.slice(offset, offset + Math.min(Number.parseInt(length, 16), most));
      return packetOf(encodePacket(`${offset + data.length < kept.length ? 'm' : 'l'}${data}`));
    });
}

describe('objects in chunks', () => {
  const whole = Array.from({ length: 500 }, (_, index) => `<item ${index} }#$*/>`).join('');

  it.each([
    ['that come as asked for', 4096, 4],
    ['that come short, when the end was asked for before', 150, 4],
    ['one by one', 4096, 0],
  ])('are whole: chunks %s', async (_, most, first) => {
    const read = await readObject(listing(whole, most), 'osdata', 'processes', 512, first);
    expect(read.toString()).toBe(whole);
  });

  it('that are refused are unsupported', async () => {
    const refuse = async (raws: readonly Buffer[]) => raws.map(() => packetOf(encodePacket('')));
    await expect(readObject(refuse, 'osdata', '', 512)).rejects.toMatchObject({ code: 'UNSUPPORTED' });
  });
});
