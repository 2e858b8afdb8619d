import { expect, test } from 'vitest';
import { ACK_EVERY, Acks } from './acks.ts';

test('acknowledges when enough bytes were taken in, and when idle', () => {
  const sent: number[] = [];
  const acks = new Acks((seq) => sent.push(seq));
  acks.taken(1, ACK_EVERY - 1);
  expect(sent).toEqual([]);
  acks.taken(2, 1);
  expect(sent).toEqual([2]);
  acks.taken(3, 10);
  acks.flush();
  expect(sent).toEqual([2, 3]);
});

test('says nothing twice', () => {
  const sent: number[] = [];
  const acks = new Acks((seq) => sent.push(seq));
  acks.flush();
  acks.taken(5, 1);
  acks.flush();
  acks.flush();
  acks.taken(4, 1);
  acks.flush();
  expect(sent).toEqual([5]);
});
