import fc from 'fast-check';
import { expect } from 'vitest';
import { HawserError } from '../errors/error.ts';
import { fuzz, nearlyBytes } from '../testing/fuzz.ts';
import { FrameDecoder } from './decoder.ts';
import { encodeFrame, FrameType } from './format.ts';

const MAX = 4096;
const right = [
  encodeFrame(FrameType.data, 0, Buffer.from('{"jsonrpc":"2.0"}')),
  encodeFrame(FrameType.data, 7, Buffer.alloc(300, 'x')),
  encodeFrame(FrameType.goodbye, 0, Buffer.from('{}')),
  Buffer.concat([1, 2, 3].map((channel) => encodeFrame(FrameType.data, channel, Buffer.from('ab')))),
  Buffer.from('ffffffff00000000', 'hex'),
  Buffer.from('0000100000000000', 'hex'),
];

/** What comes out, and how it ends. */
function decoded(bytes: Buffer, cuts: readonly number[]): string {
  const decoder = new FrameDecoder(MAX);
  let out = '';
  let at = 0;
  try {
    for (const cut of [...cuts, bytes.length]) {
      decoder.push(bytes.subarray(at, at + cut));
      at += cut;
      for (let frame = decoder.next(); frame; frame = decoder.next()) {
        if (frame.payload.length > MAX) throw new Error(`a payload of ${frame.payload.length} bytes`);
        out += `${frame.type} ${frame.channel} ${frame.payload.toString('latin1')};`;
      }
    }
    return out;
  } catch (error) {
    if (!(error instanceof HawserError)) throw error;
    expect(['FRAME_TOO_LARGE', 'PROTOCOL_VIOLATION']).toContain(error.code);
    return `${out}${error.code}`;
  }
}

const cuts = fc.array(fc.nat(40), { maxLength: 6 });
fuzz('frames', fc.tuple(nearlyBytes(right), cuts), ([bytes, cut]) => {
  // However the stream cuts them.
  if (decoded(bytes, cut) !== decoded(bytes, [])) expect(decoded(bytes, cut)).toBe(decoded(bytes, []));
});
