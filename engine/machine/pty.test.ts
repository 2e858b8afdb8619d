import { closeSync, constants, fstatSync, openSync, readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { holdAlone } from './pty.ts';

interface Pty {
  readonly ptsName?: string;
  readonly _pty?: string;
  readonly master: NodeJS.ReadWriteStream & { destroy(): void };
  readonly slave: { destroy(): void };
}

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
  const module = (await import('@lydell/node-pty')) as unknown as { open(options: object): Pty };
  const pty = module.open({ encoding: null });
  pty.master.removeAllListeners('error');
  const hungUp = new Promise<void>((resolve) => pty.master.on('error', () => resolve()));
  const held = openSync(pty.ptsName ?? pty._pty ?? '', constants.O_RDWR | constants.O_NOCTTY);
  const { rdev } = fstatSync(held);
  expect(filesOn(rdev)).toBeGreaterThan(1);
  holdAlone(held, pty.slave);
  expect(filesOn(rdev)).toBe(1);
  closeSync(held);
  // What the other end hears when nobody has this one any more.
  await hungUp;
  pty.master.destroy();
});
