import { expect, it } from 'vitest';
import { parseRecord } from './mi/parser.ts';
import { reasonOf } from './stops.ts';

const reason = (line: string): string => {
  const record = parseRecord(line);
  if (!('values' in record)) throw new Error('no record of values');
  return reasonOf(record.values);
};

it('is the signal where one came in the step in which a watchpoint changed', () => {
  // As GDB 13 prints it.
  const both =
    '*stopped,reason="signal-received",signal-name="SIGINT",signal-meaning="Interrupt",reason="watchpoint-trigger",wpt={number="-423",exp="$_hawser_record($pc,$sp)"},value={old="0",new="1"},thread-id="1"';
  expect(reason(both)).toBe('signal-received');
  expect(reason('*stopped,reason="watchpoint-trigger",wpt={number="2",exp="x"}')).toBe('watchpoint-trigger');
  expect(reason('*stopped,reason="exited-signalled",signal-name="SIGINT"')).toBe('exited-signalled');
});
