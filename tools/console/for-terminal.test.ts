import { expect, it } from 'vitest';
import { forTerminal } from './for-terminal.ts';

it.each([
  ['plain text\n\twith an umlaut: ü\n', 'plain text\n\twith an umlaut: ü\n'],
  ['a line\r\nanother\r', 'a line\nanother'],
  ['10%\r20%\r\n', '10%\n20%\n'],
  ['\u001b[31mred\u001b[0m', 'red'],
  ['one\u0000two\u0008three', 'one.two.three'],
  ['user\u202etxt.exe', 'user\ufffdtxt.exe'],
])('%j is shown as %j', (text, shown) => {
  expect(forTerminal(text)).toBe(shown);
});

it.each([
  '\u001b]0;a title\u0007name',
  '\u001b]52;c;ZXZpbA==\u0007clipboard',
  '\u001bPq a picture\u001b\\',
  '\u009b2Jname',
  '\u001b[',
  '\u001b',
])('%j steers no terminal', (text) => {
  expect(forTerminal(text)).not.toMatch(/(?![\n\t])\p{Cc}/u);
});
