import { connectionErrors } from '../../transports/errors/connection-errors.ts';
import { type HawserError, toHawserError } from '../../transports/errors/error.ts';
import { type Entry, type EntryBody, MAX_ENTRY, type SessionInfo } from '../protocol/hub.ts';
import { hubClientErrors } from './errors.ts';
import type { HubConnection, RequestOptions } from './hub-connection.ts';
import type { SessionKeys } from './keys.ts';
import { EntryOpener, type NewOrder, OrderSealer } from './seal.ts';

export interface OpenedEntry {
  readonly seq: number;
  /** On the agent's clock, milliseconds. */
  readonly at: number;
  readonly body: EntryBody;
}

export interface HostedViewOptions {
  readonly connection: HubConnection;
  readonly session: string;
  readonly keys: SessionKeys;
  /** Number of the last entry that the caller has. Default 0: from the first on. */
  readonly after?: number;
  /** Bytes of sealed entries that may wait here. Default 1 MiB. */
  readonly window?: number;
  /** In order, each once. The next come when it has resolved: who is slow slows down the hub, and nothing grows. */
  readonly entries: (entries: readonly OpenedEntry[]) => void | Promise<void>;
  /** As the session changes: its name, who is there, that it has ended. Null: it is gone for the caller, who was removed. */
  readonly changed?: (info: SessionInfo | null) => void;
  /** The view has ended by itself: the history is not to be trusted, or the hub does not show it any more. */
  readonly failed: (error: HawserError) => void;
}

const WINDOW = 1 << 20;
/** Taken at a time from what waits, so that a window with other things to do gets its turn. */
const AT_ONCE = 64;

/**
 * Follows a hosted session: opens the seals, checks that no number is left out, and resumes from the last entry whenever the
 * link comes back. The host's can give orders.
 */
export class HostedView {
  readonly #options: HostedViewOptions;
  readonly #opener: EntryOpener;
  readonly #orders: OrderSealer | null;
  readonly #window: number;
  readonly #disposers: (() => void)[] = [];
  readonly #cancel = new AbortController();
  #info: SessionInfo | null = null;
  /** Last entry that came, and that the caller has taken. */
  #came: number;
  #taken: number;
  #waiting: Entry[] = [];
  #waitingBytes = 0;
  #busy = false;
  #opening = false;
  /** Where a gap was met, to be asked for once. */
  #gapAt = 0;

  private constructor(options: HostedViewOptions) {
    this.#options = options;
    const { session, keys } = options;
    this.#opener = new EntryOpener(session, keys);
    this.#orders = keys.role === 'host' ? new OrderSealer(session, keys) : null;
    this.#window = options.window ?? WINDOW;
    this.#came = options.after ?? 0;
    this.#taken = this.#came;
  }

  /** @throws HawserError the hub's (no such session, …), `CANCELLED`, as HubConnection.request */
  static async open(options: HostedViewOptions, signal?: AbortSignal): Promise<HostedView> {
    const view = new HostedView(options);
    try {
      view.#listen();
      await view.#open(signal);
      return view;
    } catch (error) {
      view.#end();
      throw toHawserError(error);
    }
  }

  /** As last heard. */
  get info(): SessionInfo {
    // Set before `open` gives the view away.
    return this.#info as SessionInfo;
  }

  /** Number of the last entry that the caller has taken: `after` of the next view. */
  get seq(): number {
    return this.#taken;
  }

  /** Holds the host's keys. */
  get mayOrder(): boolean {
    return this.#orders !== null;
  }

  /**
   * Gives an order; resolves when the agent has it. What comes of it stands in the history.
   * @throws HawserError `HOST_KEYS_NEEDED`, the hub's (the agent is away), `LINK_LOST` when nobody knows whether it arrived
   */
  async order(order: NewOrder, options?: RequestOptions): Promise<void> {
    if (!this.#orders) throw hubClientErrors.hostKeysNeeded();
    const { connection, session } = this.#options;
    await connection.request('session/order', { session, sealed: this.#orders.seal(order) }, options);
  }

  /** A page of the history, opened, without regard to what is followed. */
  async read(from: number, count: number, options?: RequestOptions): Promise<readonly OpenedEntry[]> {
    const { connection, session } = this.#options;
    const { entries } = await connection.request('session/read', { session, from, count }, options);
    return entries.map((entry, index) => {
      if (entry.seq !== from + index) throw hubClientErrors.historyLeftOut(from + index, entry.seq);
      return this.#openSeal(entry);
    });
  }

  /** Closes the session here; it goes on. */
  async close(): Promise<void> {
    if (this.#cancel.signal.aborted) return;
    this.#end();
    const { connection, session } = this.#options;
    if (connection.state.state !== 'up') return;
    await connection.request('session/close', { session }, { timeout: 5000 }).catch(() => undefined);
  }

  #listen(): void {
    const { connection, session, changed } = this.#options;
    this.#disposers.push(
      connection.on('session/entries', (params) => {
        if (params.session === session) this.#arrive(params.entries);
      }),
      connection.on('session/changed', ({ id, info }) => {
        if (id !== session) return;
        if (info) this.#info = info;
        changed?.(info);
      }),
      connection.onState((state) => {
        if (state.state === 'up' && state.signedIn) this.#reopen();
      }),
    );
  }

  async #open(signal?: AbortSignal): Promise<void> {
    const { connection, session } = this.#options;
    this.#opening = true;
    try {
      const signals = [this.#cancel.signal, ...(signal ? [signal] : [])];
      const params = { session, after: this.#came, window: this.#window };
      this.#info = await connection.request('session/open', params, { signal: AbortSignal.any(signals) });
    } finally {
      this.#opening = false;
    }
  }

  #reopen(): void {
    if (this.#opening || this.#cancel.signal.aborted) return;
    this.#open().then(
      () => this.#options.changed?.(this.#info),
      (error: unknown) => {
        const failure = toHawserError(error);
        // Lost again, or late: the next link asks again.
        if (failure.code === 'LINK_LOST' || this.#options.connection.state.state !== 'up') return;
        if (failure.code === 'HUB_TIMED_OUT') this.#reopen();
        else this.#fail(failure);
      },
    );
  }

  #arrive(entries: readonly Entry[]): void {
    if (this.#cancel.signal.aborted) return;
    for (const entry of entries) {
      // Sent again after a link was made anew.
      if (entry.seq <= this.#came) continue;
      if (entry.seq !== this.#came + 1) {
        this.#gap(entry.seq);
        break;
      }
      this.#came = entry.seq;
      this.#waiting.push(entry);
      this.#waitingBytes += entry.sealed.length;
    }
    // What waits is bounded whatever the hub does; some bytes more than asked for are its due.
    if (this.#waitingBytes > 4 * (this.#window + MAX_ENTRY))
      this.#fail(connectionErrors.protocolViolation('the hub sends more of the history than was asked for'));
    else void this.#work();
  }

  #gap(got: number): void {
    const expected = this.#came + 1;
    // What was on its way when it was asked for again.
    if (this.#opening) return;
    if (this.#gapAt === expected) this.#fail(hubClientErrors.historyLeftOut(expected, got));
    else {
      this.#gapAt = expected;
      this.#reopen();
    }
  }

  async #work(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    const { connection, session, entries } = this.#options;
    try {
      while (this.#waiting.length > 0 && !this.#cancel.signal.aborted) {
        const taken = this.#waiting.splice(0, AT_ONCE);
        const opened = this.#openSeals(taken);
        if (opened.entries.length > 0) await entries(opened.entries);
        this.#taken = opened.entries.at(-1)?.seq ?? this.#taken;
        for (const { sealed } of taken) this.#waitingBytes -= sealed.length;
        if (opened.failure) throw opened.failure;
        connection.notify('session/ack', { session, seq: this.#taken });
      }
    } catch (error) {
      this.#fail(toHawserError(error));
    } finally {
      this.#busy = false;
    }
  }

  /** What stands before one that is broken is sound, and shown. */
  #openSeals(sealed: readonly Entry[]): { entries: OpenedEntry[]; failure: HawserError | null } {
    const entries: OpenedEntry[] = [];
    for (const entry of sealed) {
      try {
        entries.push(this.#openSeal(entry));
      } catch (error) {
        return { entries, failure: toHawserError(error) };
      }
    }
    return { entries, failure: null };
  }

  #openSeal(entry: Entry): OpenedEntry {
    return { seq: entry.seq, at: entry.at, body: this.#opener.open(entry) };
  }

  #fail(error: HawserError): void {
    if (this.#cancel.signal.aborted) return;
    this.#end();
    this.#options.failed(error);
  }

  #end(): void {
    this.#cancel.abort();
    this.#waiting = [];
    this.#waitingBytes = 0;
    for (const dispose of this.#disposers) dispose();
  }
}
