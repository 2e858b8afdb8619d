import { storeErrors } from '../../errors.ts';
import { checkKey } from '../keys.ts';
import { Queues } from '../local/queue.ts';
import type { Histories, StoredEntry } from '../store.ts';
import type { Change, Database } from './database.ts';

type Follower = (last: number) => void;

/** Keys `h!SESSION!NUMBER`, the number with leading zeros so that they stand in order; values `AT SEALED`. */
export class LevelHistories implements Histories {
  readonly #database: Database;
  readonly #queues = new Queues();
  /** Last numbers of those written to or followed. */
  readonly #lasts = new Map<string, number>();
  readonly #followers = new Map<string, Set<Follower>>();

  constructor(database: Database) {
    this.#database = database;
  }

  async append(session: string, entries: readonly StoredEntry[]): Promise<number> {
    checkKey(session);
    return this.#queues.run(session, async () => {
      let last = await this.last(session);
      const changes: Change[] = [];
      for (const { seq, at, sealed } of entries) {
        if (seq <= last) continue;
        if (seq !== last + 1) throw storeErrors.historyGap(session, last + 1, seq);
        changes.push({ type: 'put', key: keyOfEntry(session, seq), value: `${at} ${sealed}` });
        last = seq;
      }
      await this.#database.write(changes);
      if (changes.length === 0) return last;
      this.#remember(session, last);
      for (const follower of this.#followers.get(session) ?? []) follower(last);
      return last;
    });
  }

  async read(session: string, from: number, count: number, bytes: number): Promise<readonly StoredEntry[]> {
    const entries: StoredEntry[] = [];
    let size = 0;
    const range = this.#database.range(keyOfEntry(session, from), `h!${checkKey(session)}!~`, {
      limit: count,
    });
    for await (const [key, value] of range) {
      size += value.length;
      if (entries.length > 0 && size > bytes) break;
      const blank = value.indexOf(' ');
      entries.push({
        seq: Number(key.slice(key.lastIndexOf('!') + 1)),
        at: Number(value.slice(0, blank)),
        sealed: value.slice(blank + 1),
      });
    }
    return entries;
  }

  async last(session: string): Promise<number> {
    const known = this.#lasts.get(session);
    if (known !== undefined) return known;
    let last = 0;
    const range = this.#database.range(`h!${checkKey(session)}!`, `h!${session}!~`, {
      reverse: true,
      limit: 1,
    });
    for await (const [key] of range) last = Number(key.slice(key.lastIndexOf('!') + 1));
    return last;
  }

  async follow(session: string, listener: Follower): Promise<() => void> {
    const followers = this.#followers.get(session) ?? new Set();
    this.#followers.set(session, followers);
    const mine: Follower = (last) => listener(last);
    followers.add(mine);
    return () => {
      followers.delete(mine);
      if (followers.size === 0 && this.#followers.get(session) === followers) this.#followers.delete(session);
    };
  }

  async remove(session: string): Promise<void> {
    await this.#queues.run(session, async () => {
      this.#lasts.delete(session);
      await this.#database.clear(`h!${checkKey(session)}!`, `h!${session}!~`);
    });
  }

  #remember(session: string, last: number): void {
    // The one written to longest ago is forgotten first; it costs a look at the disk.
    this.#lasts.delete(session);
    this.#lasts.set(session, last);
    const [oldest] = this.#lasts.keys();
    if (this.#lasts.size > 10_000 && oldest !== undefined) this.#lasts.delete(oldest);
  }
}

function keyOfEntry(session: string, seq: number): string {
  return `h!${session}!${String(seq).padStart(12, '0')}`;
}
