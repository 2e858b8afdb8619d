import { checkKey } from '../keys.ts';
import { Queues } from '../local/queue.ts';
import type { RecordSet, Records, Versioned } from '../store.ts';
import type { Database } from './database.ts';
import type { Revisions } from './revisions.ts';

type Watcher<T> = (key: string, value: T | undefined) => void;

interface Stored<T> {
  readonly r: number;
  readonly v: T;
}

/** Keys `r!SET!KEY`. */
export class LevelRecords<T> implements Records<T> {
  readonly #database: Database;
  readonly #revisions: Revisions;
  readonly #prefix: string;
  readonly #queues = new Queues();
  readonly #watchers = new Set<Watcher<T>>();

  constructor(database: Database, revisions: Revisions, name: RecordSet) {
    this.#database = database;
    this.#revisions = revisions;
    this.#prefix = `r!${name}!`;
  }

  async get(key: string): Promise<Versioned<T> | undefined> {
    const text = await this.#database.get(this.#prefix + checkKey(key));
    if (text === undefined) return undefined;
    const { r, v } = JSON.parse(text) as Stored<T>;
    return { value: v, revision: r };
  }

  async put(key: string, value: T, revision?: number): Promise<number | undefined> {
    checkKey(key);
    return this.#queues.run(key, async () => {
      if (revision !== undefined && ((await this.get(key))?.revision ?? 0) !== revision) return undefined;
      const next = this.#revisions.next();
      const text = JSON.stringify({ r: next, v: value } satisfies Stored<T>);
      await this.#database.write([
        { type: 'put', key: this.#prefix + key, value: text },
        this.#revisions.mark(),
      ]);
      this.#tell(key, (JSON.parse(text) as Stored<T>).v);
      return next;
    });
  }

  async delete(key: string, revision?: number): Promise<boolean> {
    checkKey(key);
    return this.#queues.run(key, async () => {
      const now = await this.get(key);
      if (revision !== undefined && (now?.revision ?? 0) !== revision) return false;
      if (!now) return true;
      await this.#database.write([{ type: 'del', key: this.#prefix + key }]);
      this.#tell(key, undefined);
      return true;
    });
  }

  async *list(prefix = ''): AsyncIterable<readonly [string, T]> {
    const from = this.#prefix + prefix;
    // '~' stands after every character of a key.
    for await (const [key, text] of this.#database.range(from, `${from}~`))
      yield [key.slice(this.#prefix.length), (JSON.parse(text) as Stored<T>).v];
  }

  async watch(listener: Watcher<T>): Promise<() => void> {
    this.#watchers.add(listener);
    return () => void this.#watchers.delete(listener);
  }

  #tell(key: string, value: T | undefined): void {
    for (const watcher of [...this.#watchers]) watcher(key, value);
  }
}
