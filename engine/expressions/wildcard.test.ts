import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchesWildcard } from './wildcard.ts';

describe('wildcards', () => {
  it.each([
    ['wo*', 'work', true],
    ['*rk', 'WORK', true],
    ['w?rk', 'work', true],
    ['w?rk', 'wrk', false],
    ['[a-c]x', 'bx', true],
    ['[abc]x', 'dx', false],
    ['fo#', 'f', true],
    ['fo#', 'fooo', true],
    ['fo+', 'f', false],
    ['fo+', 'foo', true],
    ['a[0-9]+b', 'a123b', true],
    ['a\\*b', 'a*b', true],
    ['a\\*b', 'axb', false],
    ['', '', true],
    ['*', '', true],
  ])('%s on %s', (pattern, text, expected) => {
    expect(matchesWildcard(pattern, text)).toBe(expected);
  });

  it('is quick on patterns that make backtracking explode', () => {
    expect(matchesWildcard(`${'*a'.repeat(200)}b`, 'a'.repeat(2000))).toBe(false);
  });

  it('takes any pattern', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.string(),
        (pattern, text) => typeof matchesWildcard(pattern, text) === 'boolean',
      ),
    );
  });
});
