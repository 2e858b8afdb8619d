import { Text } from '@codemirror/state';
import { expect, test } from 'vitest';
import { droppedLinesText, linesToDrop } from './scrollback.ts';

const doc = (lines: number) => Text.of(new Array<string>(lines).fill('x'));

test('nothing goes until the slack is used up, then all that is too much', () => {
  expect(linesToDrop(doc(10_000), 10_000)).toBe(0);
  expect(linesToDrop(doc(11_000), 10_000)).toBe(0);
  expect(linesToDrop(doc(11_001), 10_000)).toBe(1001);
});

test('the line that stands for them counts them', () => {
  expect(droppedLinesText(1234, 1_000_000)).toContain('1,234 older lines have gone');
  expect(droppedLinesText(1, 10_000)).toContain('1 older line has gone');
});
