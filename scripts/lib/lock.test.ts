import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { withLock } from './lock.mjs';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hawser-lock-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('lets one in at a time', async () => {
  let inside = 0;
  let most = 0;
  const work = async () => {
    most = Math.max(most, ++inside);
    await sleep(20);
    inside--;
  };
  await Promise.all([1, 2, 3].map(() => withLock('one', work, folder)));
  expect(most).toBe(1);
});

it('is given up by a holder that has died', async () => {
  // No process has this number: it is above the kernel's limit.
  writeFileSync(join(folder, 'one'), '99999999');
  expect(await withLock('one', async () => 'in', folder)).toBe('in');
});

it('is given back after a failure', async () => {
  const failing = withLock('one', async () => Promise.reject(new Error('no')), folder);
  await expect(failing).rejects.toThrow('no');
  expect(await withLock('one', async () => 'in', folder)).toBe('in');
});
