import { randomUUID } from 'node:crypto';
import type { KV, KvEntry } from '@nats-io/kv';
import { keyOfTokens, tokensOf } from './layout.ts';
import type { NatsLink } from './link.ts';
import { publishOnce } from './once.ts';
import { type Change, Tail } from './tail.ts';

/** A deletion's mark stays so long: for those who look late, and until the servers have forgotten its message id (two minutes). */
const MARK_MS = 5 * 60_000;
/** Values asked for at once. */
const ABREAST = 64;

interface Written<T> {
  /** Whose write it is: known again when the answer to it was lost. */
  readonly w: string;
  readonly v: T;
}

/** A KV bucket with whole keys (tokens of a subject may not be empty) and writes that are kept at. */
export class Bucket<T> {
  readonly #link: NatsLink;
  readonly #kv: KV;
  readonly #name: string;
  readonly #changes: string;

  constructor(link: NatsLink, kv: KV, name: string, changes: string) {
    this.#link = link;
    this.#kv = kv;
    this.#name = name;
    this.#changes = changes;
  }

  async get(key: string): Promise<{ readonly value: T; readonly revision: number } | undefined> {
    const entry = await this.#entry(key);
    return entry && isThere(entry)
      ? { value: entry.json<Written<T>>().v, revision: entry.revision }
      : undefined;
  }

  /** @returns undefined where `revision` is not what is there */
  async put(key: string, value: T, revision?: number): Promise<number | undefined> {
    const written: Written<T> = { w: randomUUID(), v: value };
    const data = Buffer.from(JSON.stringify(written));
    if (revision === undefined) return this.#overwrite(key, written.w, data);
    const done = await this.#follow(key, data, revision);
    if (done !== undefined) return done;
    // Another's write, or our own whose answer was lost, or where there was to be none: a deletion's mark.
    const now = await this.#entry(key);
    if (now && !isThere(now) && revision === 0) return this.#follow(key, data, now.revision);
    return now && isThere(now) && now.json<Written<T>>().w === written.w ? now.revision : undefined;
  }

  /** @returns false where another write came first. Without `revision` it is tried until it is gone. */
  async delete(key: string, revision?: number): Promise<boolean> {
    for (;;) {
      const now = await this.#entry(key);
      const there = now && isThere(now) ? now.revision : 0;
      if (revision !== undefined && there !== revision) return false;
      if (there === 0) return true;
      if ((await this.#follow(key, new Uint8Array(), there, { 'KV-Operation': 'DEL' })) === undefined)
        continue;
      this.#sweepMark(tokensOf(key));
      return true;
    }
  }

  /** In the order of keys. */
  async *list(prefix: string): AsyncGenerator<readonly [key: string, value: T]> {
    const keys = await this.keys(prefix);
    for (let at = 0; at < keys.length; at += ABREAST) {
      const some = keys.slice(at, at + ABREAST);
      const values = await Promise.all(some.map((key) => this.get(key)));
      for (const [index, key] of some.entries()) {
        const found = values[index];
        if (found) yield [key, found.value];
      }
    }
  }

  /** Sorted; with those whose deletion is not swept up yet. */
  async keys(prefix: string): Promise<readonly string[]> {
    const start = `$KV.${this.#name}.`;
    const whole = prefix.split('.').slice(0, -1);
    const filter = `${start}${whole.map((token) => `${token || '/'}.`).join('')}>`;
    const { state } = await this.#link.read('list records', () =>
      this.#link.jsm.streams.info(`KV_${this.#name}`, { subjects_filter: filter }),
    );
    return Object.keys(state.subjects ?? {})
      .map((subject) => keyOfTokens(subject.slice(start.length)))
      .filter((key) => key.startsWith(prefix))
      .sort();
  }

  /** @returns what ends it */
  async watch(listener: (key: string, value: T | undefined) => void, all = false): Promise<Tail> {
    const told = ({ tokens, data, gone }: Change) =>
      listener(keyOfTokens(tokens), gone ? undefined : parse<T>(data));
    return Tail.start(this.#link, this.#name, this.#changes, told, all);
  }

  #follow(key: string, data: Uint8Array, after: number, headers = {}): Promise<number | undefined> {
    const subject = `$KV.${this.#name}.${tokensOf(key)}`;
    const stream = `KV_${this.#name}`;
    return publishOnce(this.#link, { what: 'write a record', stream, subject, data, after, headers });
  }

  async #overwrite(key: string, msgID: string, data: Uint8Array): Promise<number> {
    const subject = `$KV.${this.#name}.${tokensOf(key)}`;
    const { seq } = await this.#link.write('write a record', () =>
      this.#link.js.publish(subject, data, { msgID }),
    );
    return seq;
  }

  async #entry(key: string): Promise<KvEntry | undefined> {
    return (await this.#link.read('read a record', () => this.#kv.get(tokensOf(key)))) ?? undefined;
  }

  /** The mark of a deletion says nothing any more after a while: it would stay for ever. */
  #sweepMark(tokens: string): void {
    setTimeout(() => void this.#sweep(tokens).catch(() => undefined), MARK_MS).unref();
  }

  async #sweep(tokens: string): Promise<void> {
    if (this.#link.closed) return;
    const entry = await this.#kv.get(tokens);
    if (entry && !isThere(entry))
      await this.#link.jsm.streams.deleteMessage(`KV_${this.#name}`, entry.revision, false);
  }
}

const isThere = ({ operation }: KvEntry) => operation === 'PUT';

function parse<T>(data: Uint8Array): T {
  return (JSON.parse(Buffer.from(data).toString('utf8')) as Written<T>).v;
}
