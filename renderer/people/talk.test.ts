import { expect, test } from 'vitest';
import type { SessionEvent } from '../../engine/protocol/session.ts';
import { Talk } from './talk.ts';

const bob = { id: 3, host: 'ALDER', user: 'bob', via: 'tcp 192.0.2.3:50003' };
const command = (text: string, client: typeof bob | null = bob): SessionEvent => ({
  type: 'command',
  text,
  prompt: '0:000> ',
  client,
  commandId: '1',
});
const output = (text: string): SessionEvent => ({ type: 'output', kind: 'normal', text });
const done: SessionEvent = { type: 'commandDone', commandId: '1', ok: true };

function heard(...events: SessionEvent[]): unknown[] {
  const talk = new Talk();
  return events.map((event) => talk.hear({ event }, 7)).filter((each) => each !== null);
}

test("another's .echo is a message, and what the line does beside it is none", () => {
  expect(
    heard(command('.echo good morning; k'), output('good morning\n # Child-SP\n'), output('x\n')),
  ).toEqual([{ message: { who: 'ALDER\\bob', text: 'good morning' }, rest: ' # Child-SP\n' }]);
});

test("one's own, the session's, and other commands are none", () => {
  expect(heard(command('.echo mine', { ...bob, id: 7 }), output('mine\n'))).toEqual([]);
  expect(heard(command('.echo start', null), output('start\n'))).toEqual([]);
  expect(heard(command('? 1'), output('Evaluate expression: 1\n'))).toEqual([]);
  expect(heard(command('.echo late'), done, output('late\n'))).toEqual([]);
});
