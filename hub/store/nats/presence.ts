import type { Subscription } from '@nats-io/transport-node';
import { storeErrors } from '../../errors.ts';
import { checkKey } from '../keys.ts';
import { groupOf } from '../local/living.ts';
import type { Presence } from '../store.ts';
import type { Bucket } from './bucket.ts';
import type { Layout } from './layout.ts';
import type { NatsLink } from './link.ts';
import type { Tail } from './tail.ts';

/** Signs of life in a lifetime. */
const SIGNS = 4;

interface Held {
  readonly value: string;
}

type Watcher = (key: string, value: string | undefined) => void;

/**
 * Each hub writes who is connected to it, once, under its own name, and says by core NATS that it is alive. Whoever has not heard
 * a hub for the lifetime takes its entries away. So a connection costs two writes, not one every few seconds, and an election,
 * in which nothing can be written for as long as 13 s, makes nobody look gone.
 */
export class NatsPresence implements Presence {
  readonly lifetime: number;
  readonly #link: NatsLink;
  readonly #bucket: Bucket<string>;
  readonly #layout: Layout;
  readonly #hub: string;
  readonly #timer: NodeJS.Timeout;
  readonly #signs: Subscription;
  readonly #mine = new Map<string, Held>();
  /** What is in the bucket: by the first two parts of the keys, which is what is asked for; then by `KEY.HUB`. */
  readonly #there = new Map<string, Map<string, string>>();
  readonly #heard = new Map<string, number>();
  readonly #watchers = new Set<Watcher>();
  #tail: Tail | undefined;

  private constructor(link: NatsLink, bucket: Bucket<string>, layout: Layout, hub: string, lifetime: number) {
    this.#link = link;
    this.#bucket = bucket;
    this.#layout = layout;
    this.#hub = hub;
    this.lifetime = lifetime;
    this.#signs = link.nc.subscribe(layout.lifeSigns, {
      callback: (error, message) => {
        if (!error) this.#heard.set(message.string(), performance.now());
      },
    });
    this.#timer = setInterval(() => this.#tick(), lifetime / SIGNS);
    this.#timer.unref();
  }

  /** @param hub this hub's name, new at each start, of [A-Za-z0-9-] */
  static async start(
    link: NatsLink,
    bucket: Bucket<string>,
    layout: Layout,
    hub: string,
    lifetime: number,
  ): Promise<NatsPresence> {
    const presence = new NatsPresence(link, bucket, layout, hub, lifetime);
    presence.#tick();
    presence.#tail = await bucket.watch((name, value) => presence.#changed(name, value), true);
    return presence;
  }

  async hold(key: string, value: string): Promise<{ release(): Promise<void> }> {
    checkKey(key);
    const held: Held = { value };
    this.#mine.set(key, held);
    try {
      await this.#bucket.put(`${key}.${this.#hub}`, value);
    } catch (error) {
      this.#drop(key, held);
      throw error;
    }
    return {
      release: async () => {
        if (this.#drop(key, held)) await this.#bucket.delete(`${key}.${this.#hub}`);
      },
    };
  }

  async list(prefix: string): Promise<readonly (readonly [string, string])[]> {
    if (this.#link.closed) throw storeErrors.closed();
    const found = new Map<string, string>();
    const whole = prefix.split('.').length > 2;
    const groups = whole ? [this.#there.get(groupOf(prefix))] : this.#there.values();
    for (const group of groups)
      for (const [name, value] of group ?? []) {
        const { key } = partsOf(name);
        if (key.startsWith(prefix)) found.set(key, value);
      }
    return [...found];
  }

  async watch(prefix: string, listener: Watcher): Promise<() => void> {
    const watcher: Watcher = (key, value) => {
      if (key.startsWith(prefix)) listener(key, value);
    };
    this.#watchers.add(watcher);
    return () => void this.#watchers.delete(watcher);
  }

  /** What this hub holds goes with it. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#signs.unsubscribe();
    const names = [...this.#mine.keys()].map((key) => `${key}.${this.#hub}`);
    this.#mine.clear();
    await Promise.all(names.map((name) => this.#bucket.delete(name)));
    this.#tail?.end();
  }

  #drop(key: string, held: Held): boolean {
    if (this.#mine.get(key) !== held) return false;
    this.#mine.delete(key);
    return true;
  }

  #changed(name: string, value: string | undefined): void {
    const { key, hub } = partsOf(name);
    const before = this.#note(name, groupOf(key), value);
    if (!this.#heard.has(hub)) this.#heard.set(hub, performance.now());
    if (before !== value) for (const watcher of [...this.#watchers]) watcher(key, value);
    if (hub === this.#hub && value === undefined) this.#putBack(key);
  }

  /** @returns what was there before */
  #note(name: string, group: string, value: string | undefined): string | undefined {
    const all = this.#there.get(group) ?? new Map<string, string>();
    const before = all.get(name);
    if (value === undefined) all.delete(name);
    else all.set(name, value);
    if (all.size === 0) this.#there.delete(group);
    else this.#there.set(group, all);
    return before;
  }

  /** Another hub took this one for gone, wrongly. */
  #putBack(key: string): void {
    const held = this.#mine.get(key);
    if (held) void this.#bucket.put(`${key}.${this.#hub}`, held.value).catch(() => undefined);
  }

  #tick(): void {
    if (this.#link.closed) return;
    this.#heard.set(this.#hub, performance.now());
    this.#link.nc.publish(this.#layout.lifeSigns, this.#hub);
    const silent = [...this.#heard]
      .filter(([, at]) => performance.now() - at > this.lifetime)
      .map(([hub]) => hub);
    for (const hub of silent) this.#bury(hub);
  }

  #bury(hub: string): void {
    const names = [...this.#there.values()]
      .flatMap((group) => [...group.keys()])
      .filter((name) => partsOf(name).hub === hub);
    if (names.length === 0) this.#heard.delete(hub);
    for (const name of names) void this.#bucket.delete(name).catch(() => undefined);
  }
}

function partsOf(name: string): { key: string; hub: string } {
  const dot = name.lastIndexOf('.');
  return { key: name.slice(0, dot), hub: name.slice(dot + 1) };
}
