import { expect, test } from 'vitest';
import { expressionAt } from './expression-at.ts';

const text = '  passed = wheel->rim.turns * list[3].next;';

test.each([
  ['passed', 3, 'passed'],
  ['an object', text.indexOf('wheel') + 2, 'wheel'],
  ['a member', text.indexOf('rim') + 1, 'wheel->rim'],
  ['the last member', text.indexOf('turns') + 1, 'wheel->rim.turns'],
  ['an element', text.indexOf('next') + 1, 'list[3].next'],
  ['a blank', 0, null],
])('%s', (_, column, expected) => {
  const found = expressionAt(text, column);
  expect(found && text.slice(found.from, found.to)).toBe(expected);
});
