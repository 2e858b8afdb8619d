import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { storeContract } from '../testing/contract.ts';
import { openLevelStore } from './store.ts';

storeContract('the folder', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hawser-hub-'));
  return {
    open: () => openLevelStore(folder),
    sideBySide: false,
    durable: true,
    dispose: () => rm(folder, { recursive: true, force: true }),
  };
});
