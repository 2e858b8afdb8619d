import { expect, test } from 'vitest';
import { matchOf, rank } from './fuzzy.ts';

test('letters in their order fit, at starts of words best', () => {
  expect(matchOf('Step Into', 'si')?.at).toEqual([0, 5]);
  expect(matchOf('Step Into', 'is')).toBeNull();
  expect(matchOf('Reset Layout', 'rl')?.score).toBeGreaterThan(matchOf('Clear', 'lr')?.score ?? 0);
  expect(matchOf('Go', '')).toEqual({ score: 0, at: [] });
  expect(matchOf('a'.repeat(200), 'a'.repeat(39))?.at).toHaveLength(39);
});

test('the best comes first; what fits elsewhere comes after it, the rest not at all', () => {
  const items = [
    { title: 'Close Registers', also: [] },
    { title: 'Registers', also: ['View'] },
    { title: 'Step Over', also: ['p'] },
    { title: 'Go', also: ['reg'] },
  ];
  const found = (query: string) =>
    rank(items, query, ({ title, also }) => [title, ...also]).map(({ item }) => item.title);
  expect(found('reg')).toEqual(['Registers', 'Close Registers', 'Go']);
  expect(found('p')[0]).toBe('Step Over');
  expect(found('')).toEqual(items.map(({ title }) => title));
  expect(found('zz')).toEqual([]);
});
