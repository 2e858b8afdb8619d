import { Spool } from '../../engine/log/spool.ts';
import { type HawserError, toHawserError } from '../../transports/errors/error.ts';
import type { HubConnection } from '../client/hub-connection.ts';
import type { EntrySealer } from '../client/seal.ts';
import { type Entry, type EntryBody, MAX_APPEND } from '../protocol/hub.ts';

export interface OutboxOptions {
  readonly connection: Pick<HubConnection, 'request'>;
  readonly sealer: EntrySealer;
  /** Bytes that may wait; then `full` is said until a good part of it is gone. */
  readonly limit: number;
  /** Where what does not fit in memory waits. */
  readonly folder: string;
  readonly full: (full: boolean) => void;
  /** The hub will take no more, whatever is tried. */
  readonly refused: (error: HawserError) => void;
  readonly log: (text: string) => void;
}

/** One `agent/append`: entries in a row, or where they are on disk. */
interface Batch {
  entries: Entry[] | null;
  place: { readonly file: number; readonly offset: number; readonly length: number } | null;
  readonly first: number;
  count: number;
  bytes: number;
}

const BATCH_BYTES = 700 << 10;
/** Batches that wait in memory; those behind go to disk. */
const IN_MEMORY = 8;
const APPEND_MS = 60_000;
const LONGEST_PAUSE = 15_000;

/** The hub says so of a session that it does not write to any more. */
const REFUSED: ReadonlySet<string> = new Set([
  'SESSION_NOT_FOUND',
  'SESSION_TERMINATED',
  'SESSION_HISTORY_GONE',
  'AGENT_REPLACED',
  'NOT_SIGNED_IN',
  'SIGN_IN_EXPIRED',
  'NOT_ALLOWED',
  'HISTORY_FULL',
]);

/**
 * What an agent has written and the hub has not: sealed, numbered, in order, sent until it is acknowledged. The
 * first part waits in memory, the rest on disk, sealed as it goes out.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #spool: Spool;
  readonly #batches: Batch[] = [];
  readonly #stop = new AbortController();
  #last = 0;
  #acknowledged = 0;
  #bytes = 0;
  #full = false;
  #diskFailed = false;
  #writing: Promise<void> = Promise.resolve();
  #wake: () => void = () => {};
  #empty: (() => void)[] = [];

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#spool = new Spool(options.folder);
    void this.#send();
  }

  /** Number of the last entry. */
  get last(): number {
    return this.#last;
  }

  /** Number of the last entry that the hub has. */
  get acknowledged(): number {
    return this.#acknowledged;
  }

  get waiting(): { readonly entries: number; readonly bytes: number } {
    const first = this.#batches[0]?.first ?? this.#last + 1;
    return { entries: this.#last + 1 - first, bytes: this.#bytes };
  }

  /** Without effect when the hub takes no more. */
  add(body: EntryBody): void {
    if (this.#stop.signal.aborted) return;
    const entry = this.#options.sealer.seal(++this.#last, Date.now(), body);
    const size = entry.sealed.length;
    const open = this.#batches.at(-1);
    // The first one may be on its way as it is.
    if (
      open?.entries &&
      this.#batches.length > 1 &&
      open.count < MAX_APPEND &&
      open.bytes + size <= BATCH_BYTES
    ) {
      open.entries.push(entry);
      open.count++;
      open.bytes += size;
    } else {
      this.#batches.push({ entries: [entry], place: null, first: entry.seq, count: 1, bytes: size });
      if (open) this.#toDisk(open);
    }
    this.#bytes += size;
    this.#weigh();
    this.#wake();
  }

  /** Resolves when the hub has everything, or when it was given up. */
  delivered(): Promise<void> {
    if (this.#batches.length === 0 || this.#stop.signal.aborted) return Promise.resolve();
    return new Promise((resolve) => this.#empty.push(resolve));
  }

  /** What the hub does not have is given up. */
  async dispose(): Promise<void> {
    this.#stop.abort();
    this.#wake();
    this.#tellEmpty();
    await this.#writing;
    await this.#spool.dispose();
  }

  async #send(): Promise<void> {
    let failures = 0;
    while (!this.#stop.signal.aborted) {
      const batch = this.#batches[0];
      if (!batch) {
        this.#tellEmpty();
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        continue;
      }
      try {
        const entries = await this.#load(batch);
        const options = { timeout: APPEND_MS, signal: this.#stop.signal };
        const { last } = await this.#options.connection.request('agent/append', { entries }, options);
        failures = 0;
        this.#acknowledged = last;
        this.#taken(batch, entries, last);
      } catch (error) {
        if (this.#stop.signal.aborted) return;
        const failure = toHawserError(error);
        if (REFUSED.has(failure.code)) this.#refused(failure);
        else {
          if (failures === 0) this.#options.log(`not appended: ${failure.code} ${failure.message}`);
          await this.#pause(Math.min(500 * 2 ** failures++, LONGEST_PAUSE));
        }
      }
    }
  }

  #taken(batch: Batch, entries: readonly Entry[], last: number): void {
    const kept = entries.filter(({ seq }) => seq > last);
    if (kept.length === entries.length) throw new Error(`the hub has ${last} entries after an append`);
    if (kept.length > 0) {
      // As the hub has not taken all of them: the rest again.
      const [first] = kept;
      const bytes = kept.reduce((sum, { sealed }) => sum + sealed.length, 0);
      this.#batches[0] = {
        entries: kept,
        place: null,
        first: first?.seq ?? 0,
        count: kept.length,
        bytes,
      };
      this.#bytes -= batch.bytes - bytes;
    } else {
      this.#batches.shift();
      this.#bytes -= batch.bytes;
    }
    if (batch.place) void this.#spool.forget(batch.place).catch(() => undefined);
    this.#weigh();
  }

  async #load(batch: Batch): Promise<Entry[]> {
    if (batch.entries) return batch.entries;
    if (!batch.place) throw new Error('a batch is neither here nor on disk');
    const bytes = await this.#spool.read(batch.place, batch.place.length);
    return JSON.parse(bytes.toString()) as Entry[];
  }

  /** A batch to which nothing is added any more. */
  #toDisk(batch: Batch): void {
    if (this.#batches.length <= IN_MEMORY) return;
    this.#writing = this.#writing.then(async () => {
      const { entries } = batch;
      // It may have been sent meanwhile, or be about to.
      if (!entries || this.#batches.indexOf(batch) < IN_MEMORY / 2 || this.#stop.signal.aborted) return;
      const bytes = Buffer.from(JSON.stringify(entries));
      try {
        const place = { ...(await this.#spool.write(bytes)), length: bytes.length };
        if (this.#batches[0] === batch || !this.#batches.includes(batch)) await this.#spool.forget(place);
        else {
          batch.place = place;
          batch.entries = null;
        }
        this.#diskFailed = false;
      } catch (error) {
        if (!this.#diskFailed) this.#options.log(`the disk does not take it: ${String(error)}`);
        this.#diskFailed = true;
      }
      this.#weigh();
    });
  }

  #weigh(): void {
    const { limit } = this.#options;
    const room = this.#diskFailed ? Math.min(limit, IN_MEMORY * BATCH_BYTES) : limit;
    const full = this.#bytes >= (this.#full ? room * 0.75 : room);
    if (full === this.#full) return;
    this.#full = full;
    this.#options.log(full ? `full: ${this.#bytes} bytes wait; the debugger waits` : 'the debugger goes on');
    this.#options.full(full);
  }

  #refused(error: HawserError): void {
    this.#stop.abort();
    this.#tellEmpty();
    this.#options.refused(error);
  }

  #tellEmpty(): void {
    for (const told of this.#empty.splice(0)) told();
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(done, ms);
      const { signal } = this.#stop;
      signal.addEventListener('abort', done, { once: true });
      function done() {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      }
    });
  }
}
