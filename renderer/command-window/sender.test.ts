import { expect, test } from 'vitest';
import { commandsOf, Sender } from './sender.ts';

function setUp() {
  const sent: string[] = [];
  const finish: ((goOn: boolean) => void)[] = [];
  const sender = new Sender((command) => {
    sent.push(command);
    return new Promise((resolve) => finish.push(resolve));
  });
  const done = async (goOn = true) => {
    finish.shift()?.(goOn);
    await new Promise((resolve) => setTimeout(resolve, 0));
  };
  return { sent, sender, done };
}

test('single commands go at once, also while one is at work', () => {
  const { sent, sender } = setUp();
  sender.send(['g']);
  sender.send(['k']);
  expect(sent).toEqual(['g', 'k']);
});

test('of several each waits for the one before, and later ones stand behind them', async () => {
  const { sent, sender, done } = setUp();
  sender.send(['a', 'b']);
  sender.send(['c']);
  expect(sent).toEqual(['a']);
  expect(sender.waiting.get()).toEqual(['b', 'c']);
  await done();
  await done();
  expect(sent).toEqual(['a', 'b', 'c']);
  await done();
  sender.send(['d']);
  expect(sent.at(-1)).toBe('d');
});

test('a session that cannot be asked ends the rest', async () => {
  const { sent, sender, done } = setUp();
  sender.send(['a', 'b', 'c']);
  await done(false);
  expect(sent).toEqual(['a']);
  expect(sender.waiting.get()).toEqual([]);
});

test('lines of a paste; empty ones between them are no commands', () => {
  expect(commandsOf('k')).toEqual(['k']);
  expect(commandsOf('')).toEqual(['']);
  expect(commandsOf('k\r\n\nr\n')).toEqual(['k', 'r']);
});
