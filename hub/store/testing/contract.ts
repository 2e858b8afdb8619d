import { afterEach, describe, expect, it } from 'vitest';
import type { HubStore } from '../store.ts';
import { auditContract } from './audit.ts';
import type { Bench, StoreUnderTest } from './bench.ts';
import { historiesContract } from './histories.ts';
import { livingContract } from './living.ts';
import { recordsContract } from './records.ts';

/**
 * What every store keeps to, whatever it stands on.
 * @param create a new one, without anything in it
 */
export function storeContract(name: string, create: () => Promise<StoreUnderTest>): void {
  describe(`${name}: what every store keeps to`, () => {
    const open: HubStore[] = [];
    let under: StoreUnderTest | undefined;

    const opened = async (): Promise<HubStore> => {
      under ??= await create();
      const store = await under.open();
      open.push(store);
      return store;
    };
    const bench: Bench = {
      store: opened,
      other: async () => (under?.sideBySide ? opened() : (open.at(-1) ?? opened())),
      reopened: async () => {
        for (const store of open.splice(0)) await store.close();
        return opened();
      },
      get durable() {
        return under?.durable ?? true;
      },
      patience: 60_000,
    };

    afterEach(async () => {
      for (const store of open.splice(0)) await store.close();
      await under?.dispose();
      under = undefined;
    });

    recordsContract(bench);
    historiesContract(bench);
    auditContract(bench);
    livingContract(bench);

    it('closes twice without a complaint, and refuses work afterwards', async () => {
      const store = await bench.store();
      await store.close();
      await store.close();
      await expect(store.records('accounts').put('a', 1)).rejects.toMatchObject({ code: 'STORE_FAILED' });
      await expect(store.histories.append('s', [])).rejects.toMatchObject({ code: 'STORE_FAILED' });
    });
  });
}
