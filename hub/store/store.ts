/**
 * What a hub keeps, and where: in a folder of its own (hub/store/level), or in NATS JetStream for any number
 * of hubs side by side (hub/store/nats). The contract suite in hub/store/testing runs over both.
 *
 * A promise of a write is kept when it resolves: the write survives a crash of everything at any moment.
 * Values are plain JSON. Keys are 1 to 200 characters of [A-Za-z0-9_=.-] (hub/store/keys.ts makes them).
 */
import type { Sealed } from '../protocol/hub.ts';

export interface HubStore {
  /** Named sets of records: accounts, sessions, invitations, tokens, lists. */
  records<T>(name: RecordSet): Records<T>;
  readonly histories: Histories;
  readonly audit: Audit;
  readonly presence: Presence;
  /** Messages between hubs, to whoever listens at this moment on any hub; at most once, not stored. */
  readonly signals: Signals;
  close(): Promise<void>;
}

export const recordSets = ['accounts', 'sessions', 'invitations', 'tokens', 'members'] as const;
export type RecordSet = (typeof recordSets)[number];

export interface Versioned<T> {
  readonly value: T;
  readonly revision: number;
}

export interface Records<T> {
  get(key: string): Promise<Versioned<T> | undefined>;
  /**
   * `revision`: of what it replaces; 0: there must be none. Absent: whatever is there.
   * @returns the new revision, or undefined where another write came first: read again and decide anew.
   */
  put(key: string, value: T, revision?: number): Promise<number | undefined>;
  /** @returns false where another write came first. */
  delete(key: string, revision?: number): Promise<boolean>;
  /** In the order of keys. */
  list(prefix?: string): AsyncIterable<readonly [key: string, value: T]>;
  /** Changes from now on, on every hub, in order for each key. @returns what ends it. */
  watch(listener: (key: string, value: T | undefined) => void): Promise<() => void>;
}

export interface StoredEntry {
  readonly seq: number;
  readonly at: number;
  readonly sealed: Sealed;
}

export interface Histories {
  /** Entries follow on the last one; those that are there already are skipped. @returns the last number. HISTORY_GAP where one is missing. */
  append(session: string, entries: readonly StoredEntry[]): Promise<number>;
  /** At most `count` entries or `bytes` bytes, at least one if there is any, from `from` on. */
  read(session: string, from: number, count: number, bytes: number): Promise<readonly StoredEntry[]>;
  last(session: string): Promise<number>;
  /** Bytes of sealed text in it. */
  size(session: string): Promise<number>;
  /** Told of each new last number, whichever hub it came to. May coalesce; never silent for more than some seconds while something is new. @returns what ends it. */
  follow(session: string, listener: (last: number) => void): Promise<() => void>;
  remove(session: string): Promise<void>;
}

export interface AuditLine {
  readonly at: number;
  /** E-mail address, `agent SESSION`, or `hub`. */
  readonly who: string;
  /** `session.create`, `invite.send`, …: closed set in hub/server/audit.ts. */
  readonly what: string;
  readonly about: Readonly<Record<string, string | number | boolean>>;
}

export interface Audit {
  append(line: AuditLine): Promise<void>;
  /** Oldest first. */
  list(from?: number, to?: number): AsyncIterable<AuditLine>;
}

/** Who is connected where: forgotten by itself `lifetime` after the last sign of life, so that a hub that died leaves nobody behind. */
export interface Presence {
  /** Stays until `release`, or until this hub is gone for the lifetime. */
  hold(key: string, value: string): Promise<{ release(): Promise<void> }>;
  list(prefix: string): Promise<readonly (readonly [key: string, value: string])[]>;
  /** Each key that comes or goes (`value` undefined) from now on, on every hub. @returns what ends it. */
  watch(prefix: string, listener: (key: string, value: string | undefined) => void): Promise<() => void>;
  /** Milliseconds. */
  readonly lifetime: number;
}

export interface Signals {
  /**
   * In the order sent, for one sender and subject. Subjects are keys (see above), compared whole.
   * @returns whether somebody took it (a listener returned true) within `wait` milliseconds; false at once where nobody listens.
   */
  send(subject: string, message: unknown, wait: number): Promise<boolean>;
  /** Every listener on every hub gets each message. */
  listen(subject: string, listener: (message: unknown) => boolean | Promise<boolean>): Promise<() => void>;
}
