import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { natsSettingsFromFile, natsSettingsFromOptions } from '../../hub/store/nats/settings.ts';
import { openNatsStore } from '../../hub/store/nats/store.ts';
import type { HubStore } from '../../hub/store/store.ts';

/** Where a hub's data is. */
export function dataFolder(values: ReadonlyMap<string, string>): string {
  const given = values.get('data');
  if (given !== undefined) return resolve(given);
  return join(process.env.XDG_DATA_HOME || join(homedir(), '.local/share'), 'hawser/hub');
}

/** @throws HawserError `STORE_IN_USE`, `STORE_FAILED`, `STORE_UNREACHABLE`, `HUB_SETTINGS` */
export async function openStore(values: ReadonlyMap<string, string>): Promise<HubStore> {
  const nats = values.get('nats');
  if (nats === undefined) {
    // Only here is its native part needed: a copied program has it only if somebody copied that as well.
    const { openLevelStore } = await import('../../hub/store/level/store.ts');
    return openLevelStore(dataFolder(values));
  }
  // A file of settings, or addresses.
  if (!nats.includes('://')) return openNatsStore(natsSettingsFromFile(resolve(nats)));
  const { env } = process;
  const settings = natsSettingsFromOptions(
    nats,
    { creds: values.get('nats-creds'), ca: values.get('nats-ca') },
    env,
  );
  // No child of ours inherits it.
  delete env.HAWSER_NATS_PASSWORD;
  return openNatsStore(settings);
}
