import { expect, test } from 'vitest';
import { differenceOf, substitutionCommand } from './substitutions.ts';

test.each([
  ['/build/app/src/a.c', '/home/me/app/src/a.c', { from: '/build', to: '/home/me' }],
  ['/build/src/a.c', '/home/me/checkout/a.c', { from: '/build/src', to: '/home/me/checkout' }],
  ['/build/a.c', '/build/a.c', null],
  ['/build/a.c', '/home/me/b.c', null],
  ['src/a.c', '/home/me/src/a.c', { from: 'src', to: '/home/me/src' }],
])('%s at %s', (file, found, difference) => {
  expect(differenceOf(file, found)).toEqual(difference);
});

test('the command', () => {
  expect(substitutionCommand({ from: '/build', to: '/home/my files' })).toBe(
    '!addsourcemap * "/home/my files" "/build"',
  );
});
