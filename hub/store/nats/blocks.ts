import { storeErrors } from '../../errors.ts';
import type { StoredEntry } from '../store.ts';
import { type Block, decodeBlock } from './block.ts';
import { type Layout, shardOf } from './layout.ts';
import type { NatsLink } from './link.ts';
import { Lru } from './lru.ts';
import type { Step } from './trail.ts';

/** Bytes of blocks kept in memory: those that several viewers of one session read one after the other. */
const CACHE_BYTES = 32 << 20;
const BLOCK_OVERHEAD = 500;

/** A block with its place. */
export interface Placed extends Step, Block {
  readonly last: number;
  /** Bytes of sealed text in this block and those before it. */
  readonly size: number;
  /** Roughly, in memory. */
  readonly weight: number;
}

/** Blocks as they stand in the streams. One that was stored never changes, so any replica's answer is good. */
export class Blocks {
  readonly #link: NatsLink;
  readonly #layout: Layout;
  readonly #shards: number;
  readonly #cache = new Lru<string, Placed>(CACHE_BYTES, ({ weight }) => weight);

  constructor(link: NatsLink, layout: Layout, shards: number) {
    this.#link = link;
    this.#layout = layout;
    this.#shards = shards;
  }

  subject(session: string): string {
    return this.#layout.historySubject(this.#shard(session), session);
  }

  stream(session: string): string {
    return this.#layout.historyStream(this.#shard(session));
  }

  news(session: string): string {
    return this.#layout.newsSubject(this.#shard(session), session);
  }

  /** Takes in what arrived by another way. */
  keep(session: string, seq: number, bytes: Uint8Array): Placed {
    const block = placed(seq, decodeBlock(bytes));
    this.#cache.set(this.#key(session, seq), block);
    return block;
  }

  /** @returns undefined: it is gone */
  async at(session: string, seq: number): Promise<Placed | undefined> {
    const cached = this.#cache.get(this.#key(session, seq));
    if (cached) return cached;
    const { jsm } = this.#link;
    const stream = this.stream(session);
    const found = await this.#link.read(
      'read a history',
      // A replica that is behind knows nothing of it yet; the leader does.
      async () =>
        (await jsm.direct.getMessage(stream, { seq })) ?? (await jsm.streams.getMessage(stream, { seq })),
    );
    if (!found) return undefined;
    if (found.subject !== this.subject(session))
      throw storeErrors.failed('read a history', new Error('its trail leads astray'));
    return this.keep(session, seq, found.data);
  }

  /**
   * The newest block, from the leader: no write that was confirmed is missing.
   * @param reader where nobody leads just now, any replica's will do
   */
  async newest(session: string, reader: boolean): Promise<Placed | undefined> {
    const { jsm } = this.#link;
    const stream = this.stream(session);
    const query = { last_by_subj: this.subject(session) };
    const found = await this.#link.read('read the end of a history', async () => {
      try {
        return await jsm.streams.getMessage(stream, query);
      } catch (error) {
        if (!reader) throw error;
        return jsm.direct.getMessage(stream, query);
      }
    });
    return found ? this.keep(session, found.seq, found.data) : undefined;
  }

  #shard(session: string): number {
    return shardOf(session, this.#shards);
  }

  #key(session: string, seq: number): string {
    return `${this.#shard(session)} ${seq}`;
  }
}

export function placed(seq: number, block: Block): Placed {
  const first = block.entries[0]?.seq ?? 0;
  const bytes = block.entries.reduce((sum, { sealed }) => sum + sealed.length, 0);
  const weight = BLOCK_OVERHEAD + bytes * 2 + block.entries.length * 100;
  return { ...block, seq, first, last: first + block.entries.length - 1, size: block.before + bytes, weight };
}

/** What is read of blocks that follow on each other, up to a number of entries and bytes. */
export class Page {
  readonly entries: StoredEntry[] = [];
  #next: number;
  #count: number;
  #bytes: number;

  constructor(from: number, count: number, bytes: number) {
    this.#next = from;
    this.#count = count;
    this.#bytes = bytes;
  }

  /** @returns false: it is full */
  add({ entries }: Block): boolean {
    for (const entry of entries) {
      if (entry.seq < this.#next) continue;
      if (this.#count <= 0 || (this.entries.length > 0 && entry.sealed.length > this.#bytes)) return false;
      this.entries.push(entry);
      this.#next = entry.seq + 1;
      this.#count--;
      this.#bytes -= entry.sealed.length;
    }
    return this.#count > 0 && this.#bytes > 0;
  }
}
