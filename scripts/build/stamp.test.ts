import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { fingerprintOf } from './stamp.mjs';

let base = '';
const print = () => fingerprintOf(['engine', 'package-lock.json', 'not/there'], base);

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'hawser-stamp-'));
  mkdirSync(join(base, 'engine/gdb'), { recursive: true });
  writeFileSync(join(base, 'engine/gdb/a.ts'), 'one');
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

it('is the same while nothing changes', () => {
  expect(print()).toBe(print());
});

it.each([
  ['a new file', () => writeFileSync(join(base, 'engine/gdb/b.py'), '')],
  ['a removed file', () => rmSync(join(base, 'engine/gdb/a.ts'))],
  ['another time', () => utimesSync(join(base, 'engine/gdb/a.ts'), 1, 1)],
  ['a lock file that came', () => writeFileSync(join(base, 'package-lock.json'), '{}')],
])('notices %s', (_name, change) => {
  const before = print();
  change();
  expect(print()).not.toBe(before);
});

it('has no regard for tests', () => {
  const before = print();
  writeFileSync(join(base, 'engine/gdb/a.test.ts'), '');
  expect(print()).toBe(before);
});
