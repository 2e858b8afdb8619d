import fc from 'fast-check';
import { expect, it } from 'vitest';
import { HawserError } from '../../../transports/errors/error.ts';
import { fuzz, nearlyBytes } from '../../../transports/testing/fuzz.ts';
import {
  encodePacket,
  expandRuns,
  isIntact,
  type RspItem,
  RspReader,
  startOf,
  textOf,
  unescapeBody,
} from './packets.ts';

const right = [
  encodePacket('QStartNoAckMode'),
  encodePacket('T05thread:p1.1;06:0*,;07:*"00;'),
  encodePacket(Buffer.from('}]}\x03*~')),
  Buffer.from('+$OK#9a-$E01#a6\x03%Stop:T05#a5'),
  Buffer.from(`$0${'*~'.repeat(30)}#00`),
];
const LIMIT = 4096;

/** What is read, however it is cut. */
function read(chunks: readonly Buffer[]): string {
  const reader = new RspReader(LIMIT);
  const items: RspItem[] = [];
  let end = '';
  try {
    for (const chunk of chunks) reader.push(chunk, (item) => items.push(item));
  } catch (error) {
    if (!(error instanceof HawserError)) throw error;
    end = error.code;
  }
  for (const item of items) if (item.kind === 'packet' || item.kind === 'notification') look(item);
  const said = items.map((item) => ('raw' in item ? item.raw.toString('latin1') : item.kind));
  return `${said.join(' ')} ${end} ${reader.noise}`;
}

function look(packet: Extract<RspItem, { raw: Buffer }>): void {
  isIntact(packet);
  unescapeBody(packet.body);
  startOf(packet, 40);
  try {
    expandRuns(packet.body, LIMIT);
    textOf(packet);
  } catch (error) {
    if (!(error instanceof HawserError)) throw error;
  }
}

fuzz('stub-packets', fc.tuple(nearlyBytes(right), fc.nat(60)), ([bytes, cut]) => {
  const whole = read([bytes]);
  const cutUp = read([bytes.subarray(0, cut), bytes.subarray(cut)]);
  if (whole !== cutUp) expect(cutUp).toBe(whole);
});

it('a packet that comes byte by byte is put together', () => {
  const body = 'abcdefgh'.repeat(1000);
  const bytes = encodePacket(body);
  const reader = new RspReader();
  const got: string[] = [];
  for (const byte of bytes)
    reader.push(Buffer.from([byte]), (item) => 'body' in item && got.push(item.body.toString()));
  expect(got).toEqual([body]);
  expect(reader.pending).toBe(0);
});
