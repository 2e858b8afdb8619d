import { chmod, mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { storeErrors } from '../../errors.ts';

/** One change, as LevelDB takes it. */
export type Change =
  | { readonly type: 'put'; readonly key: string; readonly value: string }
  | { readonly type: 'del'; readonly key: string };

interface Waiting {
  readonly changes: readonly Change[];
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Changes written together at most; the rest go with the next write. */
const MOST_TOGETHER = 2000;

/**
 * LevelDB in a folder. A write is confirmed when the disk has it (`sync`); writes that come while another one is on its way
 * go to the disk together, so that many sessions share the wait. Each caller's changes are all kept, or none of them.
 */
export class Database {
  readonly #level: ClassicLevel<string, string>;
  #waiting: Waiting[] = [];
  #writing: Promise<void> | null = null;
  #closed: Promise<void> | null = null;
  #failed: unknown;

  private constructor(level: ClassicLevel<string, string>) {
    this.#level = level;
  }

  /** @throws HawserError `STORE_IN_USE`, `STORE_FAILED` */
  static async open(folder: string): Promise<Database> {
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      if (((await stat(folder)).mode & 0o077) !== 0) await chmod(folder, 0o700);
      const level = new ClassicLevel<string, string>(join(folder, 'store'), {
        keyEncoding: 'utf8',
        valueEncoding: 'utf8',
        writeBufferSize: 16 << 20,
        cacheSize: 32 << 20,
      });
      await level.open();
      return new Database(level);
    } catch (error) {
      const { cause } = error as { cause?: { code?: string } };
      if (cause?.code === 'LEVEL_LOCKED') throw storeErrors.inUse(folder, cause);
      throw storeErrors.failed(`open its data in ${folder}`, cause ?? error);
    }
  }

  async get(key: string): Promise<string | undefined> {
    this.#open();
    return this.#level.get(key);
  }

  async getMany(keys: string[]): Promise<(string | undefined)[]> {
    this.#open();
    return this.#level.getMany(keys);
  }

  /** Pairs from `gte` (inclusive) to `lt` (exclusive), in the order of keys, as they were when it began. */
  async *range(
    gte: string,
    lt: string,
    options: { readonly reverse?: boolean; readonly limit?: number } = {},
  ) {
    this.#open();
    const iterator = this.#level.iterator({
      gte,
      lt,
      limit: options.limit ?? -1,
      reverse: options.reverse ?? false,
    });
    for await (const pair of iterator) yield pair;
  }

  /** Removes all keys from `gte` to before `lt`, piece by piece. */
  async clear(gte: string, lt: string): Promise<void> {
    this.#open();
    for (;;) {
      const keys = await this.#level.keys({ gte, lt, limit: MOST_TOGETHER }).all();
      if (keys.length === 0) return;
      await this.write(keys.map((key) => ({ type: 'del', key })));
    }
  }

  /** Resolves when it would survive the loss of power. */
  write(changes: readonly Change[]): Promise<void> {
    if (this.#closed || this.#failed)
      return Promise.reject(this.#closed ? storeErrors.closed() : this.#failed);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ changes, resolve, reject });
      this.#writing ??= this.#work();
    });
  }

  close(): Promise<void> {
    this.#closed ??= (async () => {
      await this.#writing;
      await this.#level.close();
    })();
    return this.#closed;
  }

  async #work(): Promise<void> {
    // What else is asked for in this turn goes along.
    await null;
    while (this.#waiting.length > 0) {
      const together = this.#next();
      try {
        if (this.#failed) throw this.#failed;
        await this.#level.batch(
          together.flatMap(({ changes }) => [...changes]),
          { sync: true },
        );
        for (const { resolve } of together) resolve();
      } catch (error) {
        // Whether the disk has it is not known any more: nothing is confirmed on top of it until it is opened anew.
        this.#failed ??= storeErrors.failed('write to its disk', error);
        for (const { reject } of together) reject(this.#failed);
      }
    }
    this.#writing = null;
  }

  #next(): Waiting[] {
    let count = 0;
    let index = 0;
    for (const { changes } of this.#waiting) {
      if (index > 0 && count + changes.length > MOST_TOGETHER) break;
      count += changes.length;
      index++;
    }
    return this.#waiting.splice(0, index);
  }

  #open(): void {
    if (this.#closed) throw storeErrors.closed();
  }
}
