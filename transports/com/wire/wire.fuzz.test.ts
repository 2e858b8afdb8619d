import fc from 'fast-check';
import { expect } from 'vitest';
import { fuzz, nearlyBytes } from '../../testing/fuzz.ts';
import { Deframer } from './deframer.ts';
import { fromLine, headOf, Kind, toLine } from './frame.ts';
import {
  ackFrame,
  openingFrame,
  readAck,
  readOpening,
  readRefusal,
  readSequenced,
  sequencedFrame,
} from './messages.ts';

const head = { kind: Kind.data, fromAcceptor: false, channel: 3, id: 7 };
const right = [
  toLine(openingFrame(head, { baud: 9600, window: 8 })),
  toLine(sequencedFrame(head, 7, Buffer.from('hello'))),
  toLine(ackFrame(head, 9, 17, [11, 12])),
];

fuzz('serial-frames', fc.tuple(nearlyBytes(right), fc.nat(40)), ([bytes, cut]) => {
  const found = (chunks: readonly Buffer[]) => {
    const frames: string[] = [];
    const deframer = new Deframer((frame: Buffer) => frames.push(frame.toString('latin1')));
    for (const chunk of chunks) deframer.push(chunk);
    return frames;
  };
  expect(found([bytes.subarray(0, cut), bytes.subarray(cut)])).toEqual(found([bytes]));
  for (const frame of [bytes, fromLine(bytes)]) {
    if (!frame || !headOf(frame)) continue;
    readOpening(frame);
    readRefusal(frame);
    readSequenced(frame, 0);
    readAck(frame, 0);
  }
});
