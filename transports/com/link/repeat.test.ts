import fc from 'fast-check';
import { expect, it } from 'vitest';
import { pattern } from '../testing/ends.ts';
import { headOf, Kind } from '../wire/frame.ts';
import { readAck, readSequenced } from '../wire/messages.ts';
import { shapeOf } from './rate.ts';
import { Receiver } from './receiver.ts';
import { Sender } from './sender.ts';

const head = { fromAcceptor: false, channel: 1, id: 7 };

/**
 * Both halves with a line between them that loses, repeats and delays what it likes, for as long as `faults` has something
 * to say, on a clock that only moves when nothing else does. @returns what was read, and how many frames it took
 */
function carry(baud: number, total: number, faults: readonly number[]): { read: Buffer; frames: number } {
  let now = 0;
  let at = 0;
  const shape = shapeOf(baud);
  const sender = new Sender(head, shape, () => now);
  const receiver = new Receiver(head, shape, () => now);
  sender.allow(shape.window);
  sender.write(pattern(0, total));
  sender.end();
  const read: Buffer[] = [];
  let frames = 0;
  let there: Buffer[] = [];
  let back: Buffer[] = [];
  const put = (line: Buffer[], frame: Buffer) => {
    const fault = faults[at++] ?? 0;
    // 1 loses it, 2 brings it twice, 3 before the one that was sent before it.
    if (fault === 3) line.splice(Math.max(0, line.length - 1), 0, frame);
    else for (let times = fault === 1 ? 0 : fault === 2 ? 2 : 1; times > 0; times--) line.push(frame);
  };
  for (let ended = false; !ended || !sender.done; ) {
    if (++frames > 100_000) throw new Error('it comes to no end');
    const frame = sender.pull();
    if (frame) put(there, frame);
    else if (there.length === 0 && back.length === 0)
      now = Math.max(now, Math.min(sender.deadline, receiver.deadline));
    if (sender.deadline <= now) sender.expired();
    if (receiver.deadline <= now) receiver.expired();
    if (!frame || there.length > 4) {
      for (const each of there) {
        const got = readSequenced(each, receiver.next);
        if (got) receiver.take(got.sequence, headOf(each)?.kind === Kind.end ? null : got.payload);
      }
      there = [];
    }
    for (let piece = receiver.read(); piece !== undefined; piece = receiver.read()) {
      if (piece === null) ended = true;
      else read.push(piece);
    }
    if (receiver.ackDue) put(back, receiver.ack());
    for (const each of back) {
      const ack = readAck(each, sender.base);
      if (ack) sender.acknowledged(ack);
    }
    back = [];
  }
  return { read: Buffer.concat(read), frames };
}

it('brings every byte once and in order, whatever frames and acknowledgements are lost, doubled or overtaken', () => {
  const faults = fc.array(fc.constantFrom(0, 0, 1, 2, 3), { maxLength: 400 });
  const bauds = fc.constantFrom(300, 9600, 921_600, 1_000_000_000);
  fc.assert(
    fc.property(bauds, fc.integer({ min: 0, max: 60_000 }), faults, (baud, total, list) => {
      expect(carry(baud, total, list).read.equals(pattern(0, total))).toBe(true);
    }),
    { numRuns: 300 },
  );
});

it('repeats no more than was lost', () => {
  const total = 480 * 1000;
  const lost = Array.from({ length: 1000 }, (_, n) => (n % 20 === 7 ? 1 : 0));
  const clean = carry(115_200, total, []);
  const damaged = carry(115_200, total, lost);
  expect(damaged.frames - clean.frames).toBeLessThan(80);
});
