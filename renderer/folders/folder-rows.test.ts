import { expect, test } from 'vitest';
import type { FolderItem } from '../../electron/ipc/contract.ts';
import { joinPath, rowBeginning, shownItems, sizeWords } from './folder-rows.ts';

const item = (name: string, kind: FolderItem['kind']): FolderItem => ({ name, kind, size: 1 });
const entries = [
  item('.cache', 'folder'),
  item('src', 'folder'),
  item('anchor', 'program'),
  item('notes', 'file'),
];
const names = (items: readonly FolderItem[]) => items.map(({ name }) => name);

test('hidden ones are shown when they are asked for; of files, none to who wants a folder', () => {
  expect(names(shownItems(entries, '', 'file'))).toEqual(['src', 'anchor', 'notes']);
  expect(names(shownItems(entries, '', 'folder'))).toEqual(['src']);
  expect(names(shownItems(entries, 'C', 'file'))).toEqual(['.cache', 'src', 'anchor']);
});

test('typing leads to the next row that begins so, and around', () => {
  const items = [item('apple', 'file'), item('bee', 'file'), item('Ant', 'file')];
  expect(rowBeginning(items, 'a', 1)).toBe(2);
  expect(rowBeginning(items, 'ap', 1)).toBe(0);
  expect(rowBeginning(items, 'x', -1)).toBe(-1);
});

test('paths and sizes', () => {
  expect([joinPath('/', 'bin'), joinPath('/usr', 'bin')]).toEqual(['/bin', '/usr/bin']);
  expect([0, 999, 1000, 9_940, 12_345, 999_499, 999_600, 3_100_000].map(sizeWords)).toEqual([
    '0 B',
    '999 B',
    '1.0 kB',
    '9.9 kB',
    '12 kB',
    '999 kB',
    '1.0 MB',
    '3.1 MB',
  ]);
});
