import { expect, test } from 'vitest';
import type { ValueNode } from '../../engine/protocol/views.ts';
import { editableText, pathId, valueRows, valuesById } from './values.ts';

const node = (name: string, children: readonly ValueNode[] | null = null): ValueNode => ({
  name,
  type: 'int',
  value: `value of ${name}`,
  expression: name,
  address: null,
  editable: true,
  parameter: false,
  expandable: children !== null,
  children,
});
const tree = [node('a', [node('b', [node('c')]), node('d')]), node('e')];

test('of a tree the rows are those in open nodes', () => {
  const names = (open: readonly (readonly string[])[]) =>
    valueRows(tree, new Set(open.map(pathId))).map(({ path }) => path.join('.'));
  expect(names([])).toEqual(['a', 'e']);
  expect(names([['a']])).toEqual(['a', 'a.b', 'a.d', 'e']);
  expect(names([['a'], ['a', 'b']])).toEqual(['a', 'a.b', 'a.b.c', 'a.d', 'e']);
  expect(names([['a', 'b']])).toEqual(['a', 'e']);
  expect(valuesById(tree).get(pathId(['a', 'b', 'c']))).toBe('value of c');
});

test.each([
  ['0n3', '3'],
  ['0n-3', '-3'],
  ['blue (0n6)', '6'],
  ["65 'A'", '65'],
  ['0x1f', '0x1f'],
  ['0x00007fff`f7d8a740 "text"', '0x00007ffff7d8a740'],
  ['2.5', '2.5'],
  ['true', 'true'],
])('%s is typed over as %s', (value, text) => {
  expect(editableText(value)).toBe(text);
});
