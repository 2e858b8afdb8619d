import type { SessionEvent } from '../protocol/session.ts';
import { Chunk, type Cut, head, tail } from './chunk.ts';
import { Spool } from './spool.ts';

export interface EventLogLimits {
  /** Bytes of JSON kept in memory. */
  readonly memory: number;
  /** Bytes of JSON kept in all, memory and disk. */
  readonly total: number;
}

export const DEFAULT_LIMITS: EventLogLimits = { memory: 16 * 1024 * 1024, total: 1024 * 1024 * 1024 };

/** Size at which a chunk is sealed; what a slow reader gets at once is at most about this. */
const CHUNK_BYTES = 256 * 1024;

/** Slices kept for the next reader. */
const RECENT_SLICES = 8;

interface RecentSlice {
  readonly limit: number;
  readonly slice: LogSlice;
  /** The limit ended it, not the end of the log: it stays as it is. */
  readonly full: boolean;
}

export interface LogSlice {
  readonly kind: 'events';
  /** JSON of the events, comma-separated, without brackets. */
  readonly json: Buffer;
  readonly last: number;
}

/** What was asked for is gone: ask again after `to`. */
export interface LogGap {
  readonly kind: 'gap';
  readonly from: number;
  readonly to: number;
}

/**
 * The numbered events of a session, bounded: the newest in memory, older ones on disk, the oldest gone.
 * One log a session, any number of readers, each with a cursor of its own; a slow one costs nothing.
 */
export class EventLog {
  readonly #limits: EventLogLimits;
  readonly #spool: Spool;
  readonly #chunks: Chunk[] = [];
  #head = 0;
  #memory = 0;
  #total = 0;
  #spooling: Promise<void> | null = null;
  #disposed = false;
  /** By the number after which they begin, newest last: many readers are at the same few places. */
  readonly #recent = new Map<number, RecentSlice>();

  constructor(limits: EventLogLimits = DEFAULT_LIMITS, spool = new Spool()) {
    this.#limits = limits;
    this.#spool = spool;
  }

  /** Number of the newest event, 0 when there is none. */
  get head(): number {
    return this.#head;
  }

  /** Number of the oldest event still here; head + 1 when there is none. */
  get oldest(): number {
    return this.#chunks[0]?.first ?? this.#head + 1;
  }

  get memoryBytes(): number {
    return this.#memory;
  }

  append(event: SessionEvent, time = Date.now()): number {
    const seq = ++this.#head;
    let chunk = this.#chunks.at(-1);
    if (!chunk || chunk.byteLength >= CHUNK_BYTES || chunk.spooled) {
      chunk?.seal();
      chunk = new Chunk(seq);
      this.#chunks.push(chunk);
    }
    const bytes = chunk.append({ seq, time, event });
    this.#memory += bytes;
    this.#total += bytes;
    if (this.#memory > this.#limits.memory || this.#total > this.#limits.total) this.#makeRoom();
    return seq;
  }

  /**
   * Events after a number, about `limit` bytes of them; null when there are none yet. Readers at the same
   * place get the same slice, so that it is encoded once for all of them.
   */
  async read(after: number, limit: number): Promise<LogSlice | LogGap | null> {
    if (after >= this.#head) return null;
    if (after + 1 < this.oldest) return { kind: 'gap', from: after + 1, to: this.oldest - 1 };
    const chunk = this.#find(after + 1);
    if (!chunk) return null;
    const recent = this.#recent.get(after);
    if (recent?.limit === limit && (recent.full || recent.slice.last === chunk.last)) return recent.slice;
    const part = chunk.read(after, limit) ?? (await this.#readSpooled(chunk, after, limit));
    if (!part) return { kind: 'gap', from: after + 1, to: this.oldest - 1 };
    const slice: LogSlice = { kind: 'events', json: part.bytes, last: after + part.count };
    this.#remember(after, { limit, slice, full: slice.last < chunk.last });
    return slice;
  }

  #remember(after: number, recent: RecentSlice): void {
    this.#recent.delete(after);
    this.#recent.set(after, recent);
    const [oldest] = this.#recent.keys();
    if (this.#recent.size > RECENT_SLICES && oldest !== undefined) this.#recent.delete(oldest);
  }

  /** What is appended from now on stays in memory, bounded. */
  async dispose(): Promise<void> {
    this.#disposed = true;
    await this.#spooling;
    await this.#spool.dispose();
    this.#chunks.length = 0;
    this.#memory = 0;
    this.#total = 0;
    this.#recent.clear();
  }

  #find(seq: number): Chunk | undefined {
    let low = 0;
    let high = this.#chunks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      const chunk = this.#chunks[middle];
      if (chunk && chunk.first <= seq) low = middle;
      else high = middle - 1;
    }
    return this.#chunks[low];
  }

  async #readSpooled(chunk: Chunk, after: number, limit: number): Promise<Cut | null> {
    const bytes = await this.#unspool(chunk);
    return bytes && head(tail(bytes, chunk.first, after), limit);
  }

  /** Null: it was dropped while it was being read. */
  async #unspool(chunk: Chunk): Promise<Buffer | null> {
    if (!chunk.spooled) return null;
    try {
      return await this.#spool.read(chunk.spooled, chunk.byteLength);
    } catch {
      if (this.#chunks.includes(chunk)) this.#drop(this.#chunks.indexOf(chunk) + 1);
      return null;
    }
  }

  #makeRoom(): void {
    let over = 0;
    let total = this.#total;
    while (total > this.#limits.total && over < this.#chunks.length - 1) {
      total -= this.#chunks[over]?.byteLength ?? 0;
      over++;
    }
    if (over > 0) this.#drop(over);
    if (this.#memory > this.#limits.memory && !this.#spooling && !this.#disposed) {
      this.#spooling = this.#spoolOldest().finally(() => {
        this.#spooling = null;
      });
    }
    // The disk is slower than the output: what waits for it is bounded too.
    while (this.#memory > this.#limits.memory * 4 && this.#chunks.length > 1) this.#drop(1);
  }

  async #spoolOldest(): Promise<void> {
    while (this.#memory > this.#limits.memory / 2) {
      const chunk = this.#chunks.find((each) => !each.spooled);
      if (!chunk || chunk === this.#chunks.at(-1)) return;
      const bytes = chunk.bytes;
      if (!bytes) return;
      try {
        const place = await this.#spool.write(bytes);
        if (!this.#chunks.includes(chunk)) {
          await this.#spool.forget(place);
          continue;
        }
        chunk.release(place);
        this.#memory -= bytes.byteLength;
      } catch {
        // A full disk: the oldest goes, and readers that come for it are told how much.
        const index = this.#chunks.indexOf(chunk);
        if (index >= 0) this.#drop(index + 1);
      }
    }
  }

  /** Drops the first `count` chunks. */
  #drop(count: number): void {
    for (const chunk of this.#chunks.splice(0, count)) {
      this.#total -= chunk.byteLength;
      if (chunk.spooled) void this.#spool.forget(chunk.spooled);
      else this.#memory -= chunk.byteLength;
    }
  }
}
