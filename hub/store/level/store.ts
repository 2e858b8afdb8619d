import { LocalPresence, LocalSignals } from '../local/living.ts';
import type { HubStore, RecordSet, Records } from '../store.ts';
import { LevelAudit } from './audit.ts';
import { Database } from './database.ts';
import { LevelHistories } from './histories.ts';
import { LevelRecords } from './records.ts';
import { Revisions } from './revisions.ts';

/** The store of a single hub: everything in one folder. @throws HawserError `STORE_IN_USE`, `STORE_FAILED` */
export async function openLevelStore(folder: string): Promise<HubStore> {
  const database = await Database.open(folder);
  const revisions = await Revisions.of(database);
  const sets = new Map<RecordSet, LevelRecords<unknown>>();
  return {
    records<T>(name: RecordSet): Records<T> {
      const set = sets.get(name) ?? new LevelRecords<unknown>(database, revisions, name);
      sets.set(name, set);
      return set as unknown as Records<T>;
    },
    histories: new LevelHistories(database),
    audit: new LevelAudit(database, revisions),
    presence: new LocalPresence(),
    signals: new LocalSignals(),
    close: () => database.close(),
  };
}
