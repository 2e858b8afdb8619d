import { describe, expect, it } from 'vitest';
import { atPrompt, endingCommand } from './ending.ts';

describe('a command that ends the session', () => {
  it.each([
    ['qq', { kind: 'end', command: 'qq' }],
    ['  QQ ', { kind: 'end', command: 'qq' }],
    ['qqd', { kind: 'end', command: 'qqd' }],
    ['.detach', { kind: 'detach', command: '.detach' }],
    ['.Detach', { kind: 'detach', command: '.detach' }],
    ['.remote_exit', { kind: 'leave', command: '.remote_exit' }],
    ['.remote_exit -FOR', { kind: 'leave', command: '.remote_exit' }],
    ['k; qq', { kind: 'end', command: 'qq' }],
    ['.echo "a;b"; qqd; r', { kind: 'end', command: 'qqd' }],
    ['\x02', { kind: 'leave', command: 'CTRL+B' }],
  ])('is %j', (line, ending) => {
    expect(endingCommand(line, 'hawser')).toEqual(ending);
  });

  it.each(['', 'q', 'qqx', '.detached', '.remote_exits', 'k 5', '* qq', 'k; * all; qq', '.echo "x; qq"'])(
    'is not %j',
    (line) => {
      expect(endingCommand(line, 'hawser')).toBeNull();
    },
  );

  it('of another debugger’s is CTRL+B alone', () => {
    expect(endingCommand('qq', 'other')).toBeNull();
    expect(endingCommand('.detach', 'other')).toBeNull();
    expect(endingCommand(' \x02 ', 'other')).toEqual({ kind: 'leave', command: 'CTRL+B' });
  });
});

it('knows a prompt of Hawser’s debuggers', () => {
  for (const text of ['0:000> ', 'a line\r\n0:000> ', '1: kd> ', 'NoTarget> ', 'x\n||0:0:003> '])
    expect([text, atPrompt(text)]).toEqual([text, true]);
  for (const text of ['', '0:000>', '0:000> g\r\n', 'an arrow -> at the end of a line -> ', '(gdb) '])
    expect([text, atPrompt(text)]).toEqual([text, false]);
});
