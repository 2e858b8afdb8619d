import { expect, test } from 'vitest';
import type { NumberedEvent, SessionEvent } from '../../engine/protocol/session.ts';
import { Intake } from './intake.ts';

const at = (seq: number, event: SessionEvent = { type: 'modulesChanged' }): NumberedEvent => ({
  seq,
  time: 0,
  event,
});

test('takes events once, in order', () => {
  const intake = new Intake(0);
  expect(intake.accept([at(1), at(2)]).map((e) => e.seq)).toEqual([1, 2]);
  expect(intake.accept([at(2), at(3)]).map((e) => e.seq)).toEqual([3]);
  expect(intake.last).toBe(3);
});

test('resumes after a number', () => {
  expect(new Intake(7).accept([at(7), at(8)]).map((e) => e.seq)).toEqual([8]);
});

test('a dropped range moves on to its end', () => {
  const intake = new Intake(0);
  const taken = intake.accept([at(1, { type: 'dropped', from: 1, to: 40 }), at(41)]);
  expect(taken.map((e) => e.seq)).toEqual([1, 41]);
  expect(intake.last).toBe(41);
});

test('a gap that nobody announced is announced', () => {
  const taken = new Intake(2).accept([at(5)]);
  expect(taken.map((e) => e.event)).toEqual([
    { type: 'dropped', from: 3, to: 4 },
    { type: 'modulesChanged' },
  ]);
});
