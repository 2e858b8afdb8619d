import { checkKey } from '../keys.ts';
import type { Records, Versioned } from '../store.ts';
import type { Bucket } from './bucket.ts';
import type { Tail } from './tail.ts';

/** Records on a bucket. */
export class NatsRecords<T> implements Records<T> {
  readonly #bucket: Bucket<T>;
  readonly #tails: Set<Tail>;

  /** @param tails where those that are begun are noted */
  constructor(bucket: Bucket<T>, tails: Set<Tail>) {
    this.#bucket = bucket;
    this.#tails = tails;
  }

  async get(key: string): Promise<Versioned<T> | undefined> {
    return this.#bucket.get(checkKey(key));
  }

  async put(key: string, value: T, revision?: number): Promise<number | undefined> {
    return this.#bucket.put(checkKey(key), value, revision);
  }

  async delete(key: string, revision?: number): Promise<boolean> {
    return this.#bucket.delete(checkKey(key), revision);
  }

  list(prefix = ''): AsyncIterable<readonly [string, T]> {
    return this.#bucket.list(prefix);
  }

  async watch(listener: (key: string, value: T | undefined) => void): Promise<() => void> {
    const tail = await this.#bucket.watch(listener);
    this.#tails.add(tail);
    return () => {
      this.#tails.delete(tail);
      tail.end();
    };
  }
}
