import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';

// As where the program was copied without its native parts.
vi.mock('classic-level', () => {
  throw new Error('the native part is not there');
});

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hawser-store-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('asks for the native part of the folder’s store only where that is used', async () => {
  const { openStore } = await import('./store.ts');
  const settings = join(folder, 'none.json');
  await expect(openStore(new Map([['nats', settings]]))).rejects.toMatchObject({ code: 'HUB_SETTINGS' });
  await expect(openStore(new Map([['data', folder]]))).rejects.toMatchObject({
    cause: { message: 'the native part is not there' },
  });
});
