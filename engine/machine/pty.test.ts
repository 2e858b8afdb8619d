import { closeSync, fstatSync, readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openPty } from './pty.ts';

function filesOn(terminal: number): number {
  return readdirSync('/dev/fd').filter((file) => {
    try {
      return fstatSync(Number(file)).rdev === terminal;
    } catch {
      return false;
    }
  }).length;
}

test('the programs’ end of a terminal is held by one file, and free when that is closed', async () => {
  const { master, held } = await openPty({ cols: 80, rows: 25 });
  const hungUp = new Promise<void>((resolve) => master.on('error', () => resolve()));
  expect(filesOn(fstatSync(held).rdev)).toBe(1);
  closeSync(held);
  // What the other end hears when nobody has this one any more.
  await hungUp;
  master.destroy();
});
