import { storeErrors } from '../../errors.ts';
import { checkKey } from '../keys.ts';
import { Queues } from '../local/queue.ts';
import type { Histories, StoredEntry } from '../store.ts';
import { encodeBlock, sizeOf } from './block.ts';
import { type Blocks, Page, type Placed, placed } from './blocks.ts';
import type { Followers } from './followers.ts';
import type { NatsLink } from './link.ts';
import { Lru } from './lru.ts';
import { publishOnce } from './once.ts';
import { trailAfter, walk } from './trail.ts';

/** Of one message: well under the servers' usual limit of 1 MiB. */
const BLOCK_BYTES = 256 * 1024;
const BLOCK_ENTRIES = 1000;
/** Sessions whose last block is kept in memory, so that appending asks nothing. */
const HEADS = 5000;
/** Blocks asked for at once: few at first, for who wants little. */
const AHEAD = { first: 2, most: 16 } as const;
const AGAIN_MS = 20;

/**
 * A session is a subject, its stream one of a fixed number. Each block follows on the block before and on no other (once.ts): so it
 * can be sent again until it is confirmed, and lands once, without a gap, whoever else writes.
 */
export class NatsHistories implements Histories {
  readonly #link: NatsLink;
  readonly #blocks: Blocks;
  readonly #followers: Followers;
  readonly #queues = new Queues();
  readonly #heads = new Lru<string, Placed>(HEADS);

  constructor(link: NatsLink, blocks: Blocks, followers: Followers) {
    this.#link = link;
    this.#blocks = blocks;
    this.#followers = followers;
  }

  async append(session: string, entries: readonly StoredEntry[]): Promise<number> {
    checkKey(session);
    return this.#queues.run(session, () => this.#append(session, entries));
  }

  async read(session: string, from: number, count: number, bytes: number): Promise<readonly StoredEntry[]> {
    checkKey(session);
    const head = await this.#readable(session, from);
    if (!head || from > head.last) return [];
    const page = new Page(from, count, bytes);
    const places = walk(head, from, (seq) => this.#blocks.at(session, seq));
    for (let ahead: number = AHEAD.first; ; ahead = Math.min(ahead * 2, AHEAD.most)) {
      const seqs = await take(places, ahead);
      const blocks = await Promise.all(
        seqs.map((seq) => (seq === head.seq ? head : this.#blocks.at(session, seq))),
      );
      for (const block of blocks) if (block && !page.add(block)) return page.entries;
      if (seqs.length < ahead) return page.entries;
    }
  }

  async last(session: string): Promise<number> {
    checkKey(session);
    return (await this.#blocks.newest(session, true))?.last ?? 0;
  }

  async size(session: string): Promise<number> {
    checkKey(session);
    return (this.#heads.get(session) ?? (await this.#blocks.newest(session, true)))?.size ?? 0;
  }

  async follow(session: string, listener: (last: number) => void): Promise<() => void> {
    return this.#followers.follow(checkKey(session), listener);
  }

  async remove(session: string): Promise<void> {
    checkKey(session);
    await this.#queues.run(session, async () => {
      this.#heads.delete(session);
      await this.#link.write('remove a history', () =>
        this.#link.jsm.streams.purge(this.#blocks.stream(session), { filter: this.#blocks.subject(session) }),
      );
      this.#followers.forget(session);
    });
  }

  /** The last block, from memory where somebody follows and it is known to reach that far. */
  async #readable(session: string, from: number): Promise<Placed | undefined> {
    const heard = this.#followers.newest(session);
    return heard && heard.last >= from ? heard : this.#blocks.newest(session, true);
  }

  async #append(session: string, entries: readonly StoredEntry[]): Promise<number> {
    if (this.#link.closed) throw storeErrors.closed();
    let head = this.#heads.get(session) ?? (await this.#blocks.newest(session, false));
    for (;;) {
      const last = head?.last ?? 0;
      const fresh = fitting(following(session, last, entries));
      if (fresh.length === 0) return last;
      const stored = await this.#store(session, head, fresh);
      if (stored) this.#keep(session, stored);
      else await this.#link.pause(AGAIN_MS * Math.random());
      head = stored ?? (await this.#blocks.newest(session, false));
    }
  }

  /** @returns undefined where the history does not end in `head`: it has been written by another, or by our own earlier attempt */
  async #store(
    session: string,
    head: Placed | undefined,
    entries: readonly StoredEntry[],
  ): Promise<Placed | undefined> {
    const block = { trail: head ? trailAfter(head) : [], before: head?.size ?? 0, entries };
    const seq = await publishOnce(this.#link, {
      what: 'write to a history',
      stream: this.#blocks.stream(session),
      subject: this.#blocks.subject(session),
      data: encodeBlock(block),
      after: head?.seq ?? 0,
    });
    if (seq !== undefined) return placed(seq, block);
    this.#heads.delete(session);
    return undefined;
  }

  #keep(session: string, head: Placed): void {
    this.#heads.set(session, head);
    this.#followers.heard(session, head);
  }
}

/** Those after `last`. @throws HawserError `HISTORY_GAP` */
function following(session: string, last: number, entries: readonly StoredEntry[]): readonly StoredEntry[] {
  const fresh = entries.filter(({ seq }) => seq > last);
  for (const [index, { seq }] of fresh.entries())
    if (seq !== last + 1 + index) throw storeErrors.historyGap(session, last + 1 + index, seq);
  return fresh;
}

/** As many as go into one block. */
function fitting(entries: readonly StoredEntry[]): readonly StoredEntry[] {
  let bytes = 0;
  const over = entries.findIndex((entry, index) => {
    bytes += sizeOf(entry);
    return index > 0 && (bytes > BLOCK_BYTES || index >= BLOCK_ENTRIES);
  });
  return over < 0 ? entries : entries.slice(0, over);
}

async function take<T>(source: AsyncGenerator<T>, count: number): Promise<T[]> {
  const taken: T[] = [];
  while (taken.length < count) {
    const { done, value } = await source.next();
    if (done) break;
    taken.push(value);
  }
  return taken;
}
