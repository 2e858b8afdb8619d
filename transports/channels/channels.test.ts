import { connect, createServer, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { connectionErrors } from '../errors/connection-errors.ts';
import type { HawserError } from '../errors/error.ts';
import { encodeFrame, FrameType } from '../frames/format.ts';
import { Framed } from '../frames/framed.ts';
import type { ByteChannels } from './byte-channels.ts';
import { createByteChannels } from './channels.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** Two ends of a tcp connection of this machine. */
async function sockets(): Promise<[Socket, Socket]> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as { port: number };
  const accepted = new Promise<Socket>((resolve) => server.once('connection', resolve));
  const near = connect({ port, host: '127.0.0.1', noDelay: true });
  const far = await accepted;
  far.setNoDelay();
  server.close();
  for (const socket of [near, far]) socket.on('error', () => undefined);
  ends.push(() => {
    near.destroy();
    far.destroy();
  });
  return [near, far];
}

interface End {
  readonly channels: ByteChannels;
  framed: Framed;
}

function framedOf(socket: Socket): Framed {
  const framed = new Framed(socket);
  framed.setHandler(0, { data: () => undefined });
  return framed;
}

async function pair(window = 64 * 1024): Promise<[End, End]> {
  const [near, far] = await sockets();
  const both = [near, far].map((socket) => ({
    channels: createByteChannels({ window }),
    framed: framedOf(socket),
  })) as [End, End];
  for (const end of both) end.channels.bind(end.framed);
  return both;
}

/** As a client and a server do it after a lost link: positions there, positions back. */
async function rejoin(a: End, b: End): Promise<void> {
  a.channels.unbind();
  b.channels.unbind();
  const [near, far] = await sockets();
  a.framed = framedOf(near);
  b.framed = framedOf(far);
  const asked = a.channels.positions;
  a.channels.receive(a.framed);
  const answer = b.channels.positions;
  b.channels.bind(b.framed, asked);
  // What b sends may come before its answer is read.
  await new Promise((turn) => setTimeout(turn, 2));
  a.channels.bind(a.framed, answer);
}

const lost = (framed: Framed) => new Promise<HawserError | null>((done) => framed.onClose(done));

/** Numbered bytes, so that one lost, doubled or out of order is seen. */
function pattern(from: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  for (let at = 0; at < length; at++) bytes[at] = ((from + at) * 2654435761) >>> 24;
  return bytes;
}

class Reader {
  readonly #stream: Duplex;
  bytes = 0;
  wrong = 0;
  ended = false;
  #wakes: (() => void)[] = [];

  constructor(stream: Duplex) {
    this.#stream = stream;
    stream.on('data', (chunk: Buffer) => {
      if (!chunk.equals(pattern(this.bytes, chunk.length))) this.wrong++;
      this.bytes += chunk.length;
      this.#wake();
    });
    stream.on('end', () => {
      this.ended = true;
      this.#wake();
    });
    stream.on('close', () => this.#wake());
  }

  async until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      if (this.#stream.destroyed) throw new Error('the channel was closed');
      await new Promise<void>((wake) => this.#wakes.push(wake));
    }
  }

  #wake(): void {
    for (const wake of this.#wakes.splice(0)) wake();
  }
}

async function pour(stream: Duplex, total: number, size: number, end = true): Promise<void> {
  for (let at = 0; at < total; at += size) {
    const piece = pattern(at, Math.min(size, total - at));
    await new Promise<void>((done, fail) => stream.write(piece, (error) => (error ? fail(error) : done())));
    // A writer may use its buffer again.
    piece.fill(0);
  }
  if (end) stream.end();
}

const settled = () => new Promise((done) => setTimeout(done, 50));

describe('raw channels', () => {
  it('carry bytes both ways, end in each direction, and leave nothing behind', async () => {
    const [a, b] = await pair();
    const [atA, atB] = [a.channels.open(1), b.channels.open(1)];
    const [readA, readB] = [new Reader(atA), new Reader(atB)];
    await Promise.all([
      pour(atA, 1 << 20, 100_000),
      readB.until(() => readB.ended),
      pour(atB, 300_000, 777),
      readA.until(() => readA.ended),
    ]);
    expect([readA.bytes, readB.bytes, readA.wrong, readB.wrong]).toEqual([300_000, 1 << 20, 0, 0]);
    await settled();
    expect([a.channels.positions, b.channels.positions]).toEqual([[], []]);
    expect([atA.destroyed, atB.destroyed]).toEqual([true, true]);
    expect(a.framed.closed || b.framed.closed).toBe(false);
  });

  it('send a small write as one frame, before the call returns', async () => {
    const [near, far] = await sockets();
    const framed = framedOf(near);
    const channels = createByteChannels();
    channels.bind(framed);
    const stream = channels.open(9);
    const before = near.bytesWritten;
    stream.write('m400000,40');
    expect(near.bytesWritten - before).toBe(18);
    const [bytes] = (await new Promise((done) => far.once('data', (chunk) => done([chunk])))) as [Buffer];
    expect(bytes.toString('hex')).toBe(
      encodeFrame(FrameType.data, 9, Buffer.from('m400000,40')).toString('hex'),
    );
  });

  it('let no reader that stands still hold up another channel, nor channel 0', async () => {
    const window = 64 * 1024;
    const [a, b] = await pair(window);
    const stalled = a.channels.open(1);
    const still = b.channels.open(1);
    let taken = 0;
    for (let n = 0; n < 100; n++) stalled.write(pattern(n * 10_000, 10_000), () => taken++);
    const [atA, atB] = [a.channels.open(2), b.channels.open(2)];
    const reader = new Reader(atB);
    const heard = new Promise<string>((done) =>
      b.framed.setHandler(0, { data: (payload) => done(payload.toString()) }),
    );
    await Promise.all([pour(atA, 4 * window, 5000), reader.until(() => reader.ended)]);
    a.framed.write(0, Buffer.from('hello'));
    expect(await heard).toBe('hello');
    expect(taken).toBeLessThan(20);
    const late = new Reader(still);
    stalled.end();
    await late.until(() => late.ended);
    expect([late.bytes, late.wrong, taken]).toEqual([1_000_000, 0, 100]);
  });

  it('break the connection of a peer that sends beyond the window, and of one that names a number nobody opened', async () => {
    const [near, far] = await sockets();
    const channels = createByteChannels({ window: 1000 });
    const framed = framedOf(near);
    channels.bind(framed);
    const stream = channels.open(1);
    far.write(encodeFrame(FrameType.data, 1, Buffer.alloc(1000)));
    far.write(encodeFrame(FrameType.data, 1, Buffer.alloc(1)));
    expect((await lost(framed))?.code).toBe('PROTOCOL_VIOLATION');
    expect(stream.destroyed).toBe(false);
    const [c, d] = await pair();
    c.framed.write(7, Buffer.from('x'));
    expect((await lost(d.framed))?.code).toBe('PROTOCOL_VIOLATION');
  });

  it.each<[string, (id: number) => Buffer[]]>([
    ['an end twice', (id) => [encodeFrame(FrameType.end, id), encodeFrame(FrameType.end, id)]],
    [
      'data after the end',
      (id) => [encodeFrame(FrameType.end, id), encodeFrame(FrameType.data, id, Buffer.from('x'))],
    ],
    [
      'more acknowledged than was sent',
      (id) => [encodeFrame(FrameType.ack, id, Buffer.from('0000000000000001', 'hex'))],
    ],
    ['an acknowledgement of channel 0', () => [encodeFrame(FrameType.ack, 0, Buffer.alloc(8))]],
    ['an acknowledgement of the wrong size', (id) => [encodeFrame(FrameType.ack, id, Buffer.alloc(7))]],
  ])('refuse %s', async (_what, frames) => {
    const [near, far] = await sockets();
    const framed = framedOf(near);
    const channels = createByteChannels();
    channels.bind(framed);
    channels.open(1).resume();
    for (const frame of frames(1)) far.write(frame);
    expect((await lost(framed))?.code).toBe('PROTOCOL_VIOLATION');
  });

  it('tell the other end when one is destroyed, and ignore what was under way', async () => {
    const [a, b] = await pair();
    const [atA, atB] = [a.channels.open(1), b.channels.open(1)];
    atB.resume();
    const closed = new Promise((done) => atB.once('close', done));
    const writing = pour(atB, 10 << 20, 10_000).catch((error: HawserError) => error.code);
    await new Promise((turn) => setTimeout(turn, 5));
    atA.destroy();
    await closed;
    expect(await writing).toBe('LINK_LOST');
    await settled();
    expect([a.framed.closed, b.framed.closed]).toEqual([false, false]);
    expect([a.channels.positions, b.channels.positions]).toEqual([[], []]);
    expect(() => a.channels.open(1)).toThrow(RangeError);
  });

  it('that were destroyed while the link was lost end at the other end too', async () => {
    const [a, b] = await pair();
    const [first, second] = [a.channels.open(1), a.channels.open(2)];
    const [atB, gone] = [b.channels.open(1), b.channels.open(2)];
    a.framed.destroy();
    await lost(b.framed);
    first.destroy();
    gone.destroy();
    await rejoin(a, b);
    await Promise.all(
      [atB, second].map((stream) => stream.destroyed || new Promise((done) => stream.once('close', done))),
    );
    expect([a.channels.positions, b.channels.positions]).toEqual([[], []]);
    // One that goes between question and answer.
    const [third, atB3] = [a.channels.open(3), b.channels.open(3)];
    a.framed.destroy();
    await lost(b.framed);
    const joining = rejoin(a, b);
    await new Promise((turn) => setTimeout(turn, 1));
    third.destroy();
    await joining;
    if (!atB3.destroyed) await new Promise((done) => atB3.once('close', done));
  });

  it('go on over another connection, a write in the middle of it included', async () => {
    const [a, b] = await pair();
    const [atA, atB] = [a.channels.open(1), b.channels.open(1)];
    const reader = new Reader(atB);
    const pouring = pour(atA, 2 << 20, 50_000);
    for (let cuts = 0; cuts < 3; cuts++) {
      await reader.until(() => reader.bytes > cuts * 500_000 + 100_000);
      a.framed.destroy();
      await lost(b.framed);
      await rejoin(a, b);
    }
    await pouring;
    await reader.until(() => reader.ended);
    expect([reader.bytes, reader.wrong]).toEqual([2 << 20, 0]);
  });

  it('do not go on from where a peer cannot be', async () => {
    const [a, b] = await pair();
    b.channels.open(1);
    a.channels.open(1).write('abc');
    const framed = framedOf((await sockets())[0]);
    a.channels.bind(framed, [{ id: 1, received: 4 }]);
    expect((await lost(framed))?.code).toBe('PROTOCOL_VIOLATION');
    expect(b.framed.closed).toBe(false);
  });

  it('all end with a reason, or as if the other end had ended them', async () => {
    const [a, b] = await pair();
    const [atA, atB] = [a.channels.open(1), b.channels.open(1)];
    atA.write('last words');
    await new Promise((done) => atB.once('readable', done));
    const failed = new Promise<HawserError>((done) =>
      atA.once('error', (error) => done(error as HawserError)),
    );
    a.channels.close(connectionErrors.linkLost('for good'));
    expect((await failed).code).toBe('LINK_LOST');
    b.channels.close(null);
    let text = '';
    for await (const chunk of atB) text += String(chunk);
    expect(text).toBe('last words');
    const late = a.channels.open(2);
    expect(late.destroyed).toBe(true);
  });

  it('bring every byte once and in order, whatever is written, however read, wherever cut', async () => {
    const step = fc.record({
      channel: fc.integer({ min: 1, max: 3 }),
      from: fc.boolean(),
      size: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 9000 })),
      next: fc.constantFrom('go', 'go', 'go', 'turn', 'pause', 'flow', 'cut', 'cutLater'),
      after: fc.integer({ min: 0, max: 5000 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 60 }), async (steps) => {
        const [a, b] = await pair(4000);
        const sent = new Map<Duplex, number>();
        const lines = [1, 2, 3].map((id) => {
          const options = id === 3 ? { paced: true, prompt: true } : {};
          const [atA, atB] = [a.channels.open(id, options), b.channels.open(id, options)];
          sent.set(atA, 0).set(atB, 0);
          return { atA, atB, readA: new Reader(atA), readB: new Reader(atB) };
        });
        const cut = async () => {
          const other = lost(b.framed);
          a.framed.destroy();
          await other;
          await rejoin(a, b);
        };
        let left = Number.POSITIVE_INFINITY;
        for (const { channel, from, size, next, after } of steps) {
          const { atA, atB } = lines[channel - 1] as (typeof lines)[number];
          const stream = from ? atA : atB;
          const done = sent.get(stream) ?? 0;
          stream.write(pattern(done, size));
          sent.set(stream, done + size);
          left -= size;
          if (next === 'turn') await new Promise(setImmediate);
          else if (next === 'pause') (from ? atB : atA).pause();
          else if (next === 'flow') (from ? atB : atA).resume();
          else if (next === 'cutLater') left = after;
          if (next === 'cut' || left < 0) {
            left = Number.POSITIVE_INFINITY;
            await cut();
          }
        }
        for (const { atA, atB } of lines) for (const stream of [atA, atB]) stream.resume().end();
        await cut();
        for (const { atA, atB, readA, readB } of lines) {
          await readA.until(() => readA.ended);
          await readB.until(() => readB.ended);
          expect([readA.bytes, readA.wrong]).toEqual([sent.get(atB), 0]);
          expect([readB.bytes, readB.wrong]).toEqual([sent.get(atA), 0]);
        }
        for (let turns = 0; a.channels.positions.length + b.channels.positions.length > 0; turns++) {
          if (turns > 1000) throw new Error('channels are left over');
          await new Promise((turn) => setTimeout(turn, 1));
        }
        a.framed.destroy();
        b.framed.destroy();
      }),
      { numRuns: 60 },
    );
  });
});
