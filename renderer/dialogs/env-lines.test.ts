import { expect, test } from 'vitest';
import { readEnvironment } from './env-lines.ts';

test('one variable a line; the value is as it is typed', () => {
  expect(readEnvironment('A=1\n\n B = x=y \nEMPTY=\n')).toEqual({ env: { A: '1', B: ' x=y ', EMPTY: '' } });
  expect(readEnvironment('')).toEqual({ env: {} });
});

test.each([
  ['A=1\nB', 'Line 2 is not of the form'],
  ['=x', 'Line 1 is not of the form'],
  ['A B=1', 'no blanks'],
  [Array.from({ length: 501 }, (_, i) => `V${i}=`).join('\n'), 'More than 500'],
])('%s is refused', (text, problem) => {
  expect(readEnvironment(text).problem).toContain(problem);
});
