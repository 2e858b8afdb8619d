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
  expect(pieceOf(event, 1)).toEqual({
    kind: 'command-other',
    text: '[BIRCH\\ann (tcp 192.0.2.5:50001)] 0:000> k',
    whole: true,
  });
  expect(pieceOf(event, 3)).toEqual({ kind: 'command', text: '0:000> k', whole: true });
});

test('what was dropped is said with a count', () => {
  expect(pieceOf({ type: 'dropped', from: 1, to: 1234 }, 1)?.text).toContain('1,234 older events');
});

test('events about the session itself show elsewhere', () => {
  expect(pieceOf({ type: 'modulesChanged' }, 1)).toBeNull();
});
