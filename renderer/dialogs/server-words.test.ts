import { expect, test } from 'vitest';
import { emptyText, rowLabel } from './server-words.ts';

test('an empty list says what it lacks, and what else there is', () => {
  expect(emptyText('birch', ['debugger'], 0)).toMatch(/^birch lists no debugging servers\. Hidden/);
  expect(emptyText('birch', ['debugger'], 1)).toMatch(/one server of other kinds/);
  expect(emptyText('birch', ['process', 'kd'], 3)).toMatch(
    /no process or KD connection servers.*3 servers of other/,
  );
});

test('a row says all that it shows', () => {
  const server = {
    kind: 'debugger',
    connection: 'tcp:Port=5005,Password=*',
    connect: 'tcp:Port=5005,Server=birch,Password=*',
    user: 'ann',
    program: 'hawser',
    started: Date.UTC(2026, 10, 21, 12),
    answering: false,
  } as const;
  expect(rowLabel(server)).toMatch(
    /^Debugger Server, tcp:Port=5005,Password=\*, not answering, started by ann, .*2026/,
  );
  expect(rowLabel({ ...server, answering: true })).not.toContain('answering');
});
