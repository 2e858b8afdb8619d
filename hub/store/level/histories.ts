import { storeErrors } from '../../errors.ts';
import { checkKey } from '../keys.ts';
import { Queues } from '../local/queue.ts';
import type { Histories, StoredEntry } from '../store.ts';
import type { Change, Database } from './database.ts';

type Follower = (last: number) => void;

interface End {
  readonly last: number;
  readonly bytes: number;
}

/** Keys `h!SESSION!NUMBER`, the number with leading zeros so that they stand in order; values `AT BYTES SEALED`, where BYTES is the size of all up to and with it. */
export class LevelHistories implements Histories {
  readonly #database: Database;
  readonly #queues = new Queues();
  /** Ends of those written to. */
  readonly #ends = new Map<string, End>();
  readonly #followers = new Map<string, Set<Follower>>();

  constructor(database: Database) {
    this.#database = database;
  }

  async append(session: string, entries: readonly StoredEntry[]): Promise<number> {
    checkKey(session);
    return this.#queues.run(session, async () => {
      let { last, bytes } = await this.#end(session);
      const changes: Change[] = [];
      for (const { seq, at, sealed } of entries) {
        if (seq <= last) continue;
        if (seq !== last + 1) throw storeErrors.historyGap(session, last + 1, seq);
        last = seq;
        bytes += sealed.length;
        changes.push({ type: 'put', key: keyOfEntry(session, seq), value: `${at} ${bytes} ${sealed}` });
      }
      await this.#database.write(changes);
      if (changes.length === 0) return last;
      this.#remember(session, { last, bytes });
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
      const [at, , sealed = ''] = value.split(' ');
      entries.push({ seq: numberOf(key), at: Number(at), sealed });
    }
    return entries;
  }

  async last(session: string): Promise<number> {
    return (await this.#end(session)).last;
  }

  async size(session: string): Promise<number> {
    return (await this.#end(session)).bytes;
  }

  async #end(session: string): Promise<End> {
    const known = this.#ends.get(session);
    if (known) return known;
    let end: End = { last: 0, bytes: 0 };
    const range = this.#database.range(`h!${checkKey(session)}!`, `h!${session}!~`, {
      reverse: true,
      limit: 1,
    });
    for await (const [key, value] of range)
      end = { last: numberOf(key), bytes: Number(value.split(' ', 2)[1]) };
    return end;
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
      this.#ends.delete(session);
      await this.#database.clear(`h!${checkKey(session)}!`, `h!${session}!~`);
    });
  }

  #remember(session: string, end: End): void {
    // The one written to longest ago is forgotten first; it costs a look at the disk.
    this.#ends.delete(session);
    this.#ends.set(session, end);
    const [oldest] = this.#ends.keys();
    if (this.#ends.size > 10_000 && oldest !== undefined) this.#ends.delete(oldest);
  }
}

const numberOf = (key: string) => Number(key.slice(key.lastIndexOf('!') + 1));

function keyOfEntry(session: string, seq: number): string {
  return `h!${session}!${String(seq).padStart(12, '0')}`;
}
