import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HawserError } from '../errors/error.ts';
import { FrameDecoder } from './decoder.ts';
import { encodeFrame, FrameType, HEADER_BYTES, MAX_CHANNEL } from './format.ts';

interface Plain {
  type: number;
  channel: number;
  payload: string;
}

function decode(chunks: readonly Buffer[], maxPayload = 1 << 20): Plain[] {
  const decoder = new FrameDecoder(maxPayload);
  const out: Plain[] = [];
  for (const chunk of chunks) {
    decoder.push(chunk);
    for (let frame = decoder.next(); frame; frame = decoder.next())
      out.push({ type: frame.type, channel: frame.channel, payload: frame.payload.toString('hex') });
  }
  return out;
}

function cut(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const chunks: Buffer[] = [];
  let at = 0;
  for (const size of sizes) {
    chunks.push(bytes.subarray(at, at + size));
    at += size;
  }
  chunks.push(bytes.subarray(at));
  return chunks;
}

function code(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof HawserError) return error.code;
    throw error;
  }
  return 'none';
}

describe('FrameDecoder', () => {
  it('lays a frame out as documented', () => {
    expect(encodeFrame(FrameType.data, 0x0102, Buffer.from('hi')).toString('hex')).toBe(
      '00000002010200006869',
    );
  });

  it('gives back any frames, however the stream cuts them', () => {
    const frame = fc.record({
      channel: fc.integer({ min: 0, max: MAX_CHANNEL }),
      payload: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    });
    const sizes = fc.array(fc.integer({ min: 0, max: 60 }));
    fc.assert(
      fc.property(fc.array(frame), sizes, fc.boolean(), (frames, cuts, allAtOnce) => {
        const bytes = Buffer.concat(frames.map((f) => encodeFrame(FrameType.data, f.channel, f.payload)));
        const expected = frames.map((f) => ({
          type: 0,
          channel: f.channel,
          payload: f.payload.toString('hex'),
        }));
        expect(decode(cut(bytes, cuts))).toEqual(expected);
        if (!allAtOnce) return;
        // Pushed in many chunks before the first is fetched, as while paused.
        const decoder = new FrameDecoder(1 << 20);
        for (const chunk of cut(bytes, cuts)) decoder.push(chunk);
        let count = 0;
        while (decoder.next()) count++;
        expect(count).toBe(frames.length);
        expect(decoder.inFrame).toBe(false);
      }),
    );
  });

  it('grows the room for a large payload as it comes', () => {
    const payload = Buffer.alloc(5 << 20, 7);
    const bytes = encodeFrame(FrameType.data, 1, payload);
    const decoder = new FrameDecoder(16 << 20);
    for (let at = 0; at < bytes.length; at += 65536) decoder.push(bytes.subarray(at, at + 65536));
    expect(decoder.next()?.payload.equals(payload)).toBe(true);
  });

  it('does not copy a payload that lies in one chunk', () => {
    const bytes = encodeFrame(FrameType.data, 1, Buffer.from('abc'));
    const decoder = new FrameDecoder(10);
    decoder.push(bytes);
    const payload = decoder.next()?.payload;
    bytes[HEADER_BYTES] = 0x7a;
    expect(payload?.toString()).toBe('zbc');
  });

  it('refuses what is over the cap before its payload comes', () => {
    const header = encodeFrame(FrameType.data, 0, Buffer.alloc(11)).subarray(0, HEADER_BYTES);
    expect(code(() => decode([header], 10))).toBe('FRAME_TOO_LARGE');
    expect(decode([header], 11)).toEqual([]);
  });

  it.each([
    ['0000000000000001', 'a reserved byte'],
    ['0000000000000700', 'an unknown type'],
    ['0000000100000100', 'an end with a payload'],
    ['0000000100000300', 'a ping with a payload'],
  ])('refuses %s: %s', (hex) => {
    expect(code(() => decode([Buffer.from(hex, 'hex')]))).toBe('PROTOCOL_VIOLATION');
  });

  it('takes or refuses any bytes, and holds no more than it was given', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 })), (chunks) => {
        const result = code(() =>
          decode(
            chunks.map((c) => Buffer.from(c)),
            64,
          ),
        );
        expect(['none', 'FRAME_TOO_LARGE', 'PROTOCOL_VIOLATION']).toContain(result);
      }),
    );
  });
});
