import { writeSync } from 'node:fs';
import type { HubStore, StoredEntry } from '../../store.ts';
import { openLevelStore } from '../store.ts';

export const SESSIONS = ['s0', 's1', 's2', 's3'];

/** Every entry says where the batch that it was written with ends. */
export function writtenEntry(seq: number, end: number): StoredEntry {
  return { seq, at: 1000 + seq, sealed: `${seq}/${end}/`.padEnd(40 + (seq % 7) * 150, 'x') };
}

/** Writes without end, and says on standard output what was confirmed: for a process that is killed. */
export async function writeForEver(folder: string): Promise<never> {
  const store = await openLevelStore(folder);
  const say = (line: string) => writeSync(1, `${line}\n`);
  say('ready');
  await Promise.all([
    ...SESSIONS.map((session, index) => append(store, session, 3 + index * 9, say)),
    count(store, say),
    audit(store, say),
  ]);
  throw new Error('it was to go on');
}

async function append(store: HubStore, session: string, most: number, say: (line: string) => void) {
  for (;;) {
    const last = await store.histories.last(session);
    const end = last + 1 + (last % most);
    const batch = Array.from({ length: end - last }, (_, index) => writtenEntry(last + 1 + index, end));
    say(`${session} ${await store.histories.append(session, batch)}`);
  }
}

async function count(store: HubStore, say: (line: string) => void) {
  const records = store.records<{ count: number; text: string }>('accounts');
  for (;;) {
    const now = await records.get('counter');
    const next = (now?.value.count ?? 0) + 1;
    const value = { count: next, text: 'y'.repeat(next % 300) };
    const revision = await records.put('counter', value, now?.revision ?? 0);
    say(`revision ${revision}`);
    say(`counter ${next}`);
  }
}

async function audit(store: HubStore, say: (line: string) => void) {
  let lines = 0;
  for await (const _line of store.audit.list()) lines++;
  for (;;) {
    await store.audit.append({ at: 5, who: 'test', what: 'session.create', about: { line: ++lines } });
    say(`audit ${lines}`);
  }
}
