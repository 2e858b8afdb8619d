import type { Duplex } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { connectionErrors } from '../errors/connection-errors.ts';
import type { HawserError } from '../errors/error.ts';
import { duplexPair } from '../testing/duplex-pair.ts';
import { encodeFrame, FrameType } from './format.ts';
import { Framed, type FramedOptions } from './framed.ts';

function pair(options: FramedOptions = {}): { a: Framed; b: Framed; rawA: Duplex; rawB: Duplex } {
  const [rawA, rawB] = duplexPair();
  return { a: new Framed(rawA, options), b: new Framed(rawB, options), rawA, rawB };
}

const closed = (framed: Framed) => new Promise<HawserError | null>((resolve) => framed.onClose(resolve));

/** Collects what comes on a channel; `until` resolves when that many payloads are there. */
function collect(framed: Framed, channel = 0) {
  const got: string[] = [];
  const waiters: { count: number; resolve: () => void }[] = [];
  const wake = () => {
    for (const waiter of waiters) if (got.length >= waiter.count) waiter.resolve();
  };
  framed.setHandler(channel, {
    data: (payload) => {
      got.push(payload.toString());
      wake();
    },
    end: () => {
      got.push('<end>');
      wake();
    },
  });
  const until = (count: number) =>
    new Promise<void>((resolve) => {
      waiters.push({ count, resolve });
      wake();
    });
  return { got, until };
}

describe('Framed', () => {
  it('holds what comes until channel 0 has a handler', async () => {
    const { a, b } = pair();
    for (let i = 0; i < 100; i++) a.write(0, Buffer.from(`m${i}`));
    await new Promise(setImmediate);
    const { got, until } = collect(b);
    await until(100);
    expect(got).toEqual(Array.from({ length: 100 }, (_, i) => `m${i}`));
  });

  it('keeps channels apart and shares an encoded frame', async () => {
    const { a, b } = pair();
    const zero = collect(b);
    const five = collect(b, 5);
    const shared = encodeFrame(FrameType.data, 5, Buffer.from('shared'));
    a.write(0, Buffer.from('x'));
    a.writeEncoded(shared);
    a.end(5);
    a.write(0, Buffer.from('y'));
    await zero.until(2);
    expect(zero.got).toEqual(['x', 'y']);
    expect(five.got).toEqual(['shared', '<end>']);
    const back = collect(a, 5);
    collect(a);
    b.write(5, Buffer.from('still'));
    await back.until(1);
    expect(back.got).toEqual(['still']);
  });

  it('refuses a channel that is not open, and tells the peer why', async () => {
    const { a, b } = pair();
    collect(a);
    collect(b);
    a.write(7, Buffer.from('x'));
    const [atA, atB] = await Promise.all([closed(a), closed(b)]);
    expect(atB?.code).toBe('PROTOCOL_VIOLATION');
    expect(atA?.code).toBe('PROTOCOL_VIOLATION');
  });

  it('caps what is sent and what is received', async () => {
    const { a, b } = pair();
    collect(a);
    collect(b);
    a.limits = { maxReceive: 10, maxSend: 10 };
    expect(() => a.write(0, Buffer.alloc(11))).toThrow('11 bytes');
    b.write(0, Buffer.alloc(11));
    expect((await closed(b))?.code).toBe('FRAME_TOO_LARGE');
  });

  it('delivers what was sent before a close, then null', async () => {
    const { a, b } = pair();
    const { got } = collect(b);
    a.write(0, Buffer.alloc(100_000, 'z'));
    a.close();
    expect(await closed(b)).toBeNull();
    expect(got.join('')).toHaveLength(100_000);
    await Promise.all([a.ended, b.ended]);
  });

  it('delivers the reason of a close', async () => {
    const { a, b } = pair();
    collect(b);
    a.close(connectionErrors.serverEnded());
    const reason = await closed(b);
    expect(reason).toMatchObject({ code: 'SERVER_ENDED', message: connectionErrors.serverEnded().message });
    expect(await closed(a)).toBeNull();
  });

  it.each<[string, (raw: Duplex) => void]>([
    ['an end without a goodbye', (raw) => raw.end()],
    ['a cut', (raw) => raw.destroy()],
    ['an end inside a frame', (raw) => raw.end(Buffer.from([0, 0]))],
  ])('tells %s as a lost link', async (_name, cut) => {
    const { a, b, rawA } = pair();
    collect(a);
    collect(b);
    cut(rawA);
    expect((await closed(b))?.code).toBe('LINK_LOST');
  });

  it('tells a reader that did not listen yet, and one that comes later', async () => {
    const { a, b } = pair();
    a.destroy();
    expect((await closed(b))?.code).toBe('LINK_LOST');
    expect((await closed(b))?.code).toBe('LINK_LOST');
    const write = new Promise<HawserError | null>((resolve) => b.write(0, Buffer.from('x'), resolve));
    expect((await write)?.code).toBe('LINK_LOST');
  });

  it('bounds what a stalled reader holds up, and resumes', async () => {
    const { a, b } = pair();
    const { got, until } = collect(b);
    b.pause();
    const chunk = Buffer.alloc(64 * 1024, 'q');
    let sent = 0;
    while (a.write(0, chunk)) {
      sent++;
      await new Promise(setImmediate);
      expect(sent).toBeLessThan(100);
    }
    const drained = a.drained();
    expect(a.pendingBytes).toBeGreaterThan(0);
    expect(got).toEqual([]);
    b.resume();
    await drained;
    await until(sent + 1);
  });

  it('pauses between two frames of one chunk', async () => {
    const [raw, other] = duplexPair();
    const b = new Framed(other);
    const got: string[] = [];
    b.setHandler(0, {
      data: (payload) => {
        got.push(payload.toString());
        b.pause();
      },
    });
    const one = (text: string) => encodeFrame(FrameType.data, 0, Buffer.from(text));
    raw.write(Buffer.concat([one('1'), one('2'), one('3')]));
    while (got.length < 1) await new Promise(setImmediate);
    expect(got).toEqual(['1']);
    b.resume();
    expect(got).toEqual(['1', '2']);
    b.resume();
    expect(got).toEqual(['1', '2', '3']);
  });

  it('answers a ping, and finds a dead peer by its silence', async () => {
    const keepAlive = { idleMs: 5, deadMs: 15 };
    const { a, b } = pair({ keepAlive });
    collect(a);
    collect(b);
    const [deaf] = duplexPair();
    const lonely = new Framed(deaf, { keepAlive });
    collect(lonely);
    // By then `a` and `b` were idle just as long, and lived by their pings.
    expect(await closed(lonely)).toMatchObject({ code: 'LINK_LOST' });
    expect(a.closed || b.closed).toBe(false);
    a.destroy();
  });

  it('a handler that throws ends the connection, not the program', async () => {
    const { a, b } = pair();
    b.setHandler(0, {
      data() {
        throw new Error('defect');
      },
    });
    a.write(0, Buffer.from('x'));
    expect((await closed(b))?.code).toBe('INTERNAL');
  });
});
