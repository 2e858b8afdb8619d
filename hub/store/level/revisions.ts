import type { Change, Database } from './database.ts';

const KEY = 'm!revision';

/**
 * Numbers that are never given twice, also not after a crash: the last one is written with each change. Batches of several
 * writers may be marked out of order, so the mark is the highest given so far.
 */
export class Revisions {
  #last: number;

  private constructor(last: number) {
    this.#last = last;
  }

  static async of(database: Database): Promise<Revisions> {
    return new Revisions(Number((await database.get(KEY)) ?? 0));
  }

  next(): number {
    return ++this.#last;
  }

  mark(): Change {
    return { type: 'put', key: KEY, value: String(this.#last) };
  }
}
