import { expect, test } from 'vitest';
import { pieceOf, senderPrefix } from './event-lines.ts';

const ann = { id: 3, host: 'BIRCH', user: 'ann', via: 'tcp 192.0.2.5:50001' };

test('somebody else is named before the command, oneself and the server are not', () => {
  expect(senderPrefix(ann, 1)).toBe('[BIRCH\\ann (tcp 192.0.2.5:50001)] ');
  expect(senderPrefix(ann, 3)).toBe('');
  expect(senderPrefix({ ...ann, id: 1, via: 'local' }, 3)).toBe('');
  expect(senderPrefix(null, 3)).toBe('');
});

test('a command is echoed with its prompt, as one line of its own kind', () => {
  const event = { type: 'command', text: 'k', prompt: '0:000> ', client: ann, commandId: 'x' } as const;
  expect(pieceOf({ event, time: 0 }, 1)).toEqual({
    kind: 'command-other',
    text: '0:000> [BIRCH\\ann (tcp 192.0.2.5:50001)] k',
    whole: true,
  });
  expect(pieceOf({ event, time: 0 }, 3)).toEqual({ kind: 'command', text: '0:000> k', whole: true });
});

test('what was dropped is said with a count', () => {
  expect(pieceOf({ event: { type: 'dropped', from: 1, to: 1234 }, time: 0 }, 1)?.text).toContain(
    '1,234 older events',
  );
});

test('events about the session itself show elsewhere', () => {
  expect(pieceOf({ event: { type: 'modulesChanged' }, time: 0 }, 1)).toBeNull();
});

test('who comes and goes is announced, with the time; the owner is there anyway', () => {
  const client = { ...ann, role: 'controller', lastActive: 0, connectedAt: 0 } as const;
  const time = new Date(2024, 4, 15, 10, 2, 7).getTime();
  expect(pieceOf({ event: { type: 'clientJoined', client }, time }, 1)).toEqual({
    kind: 'session',
    text: 'BIRCH\\ann (tcp 192.0.2.5:50001) connected at Wed May 15 10:02:07 2024',
    whole: true,
  });
  expect(pieceOf({ event: { type: 'clientLeft', client, reason: 'linkLost' }, time }, 1)?.text).toContain(
    'did not come back and is gone at',
  );
  expect(
    pieceOf({ event: { type: 'clientJoined', client: { ...client, via: 'local' } }, time }, 1),
  ).toBeNull();
});
