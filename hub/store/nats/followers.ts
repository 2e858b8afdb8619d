import type { Subscription } from '@nats-io/transport-node';
import type { Blocks, Placed } from './blocks.ts';
import type { NatsLink } from './link.ts';

type Listener = (last: number) => unknown;

/** What is published again by the servers may get lost with one of them: then a look at the stream finds it. */
const LOOK_MS = { tick: 500, first: 3000, longest: 9000, growth: 1.5 } as const;
/** Looks at once. */
const LOOKS = 100;

interface Topic {
  readonly listeners: Set<Listener>;
  readonly subscription: Subscription;
  newest: Placed | undefined;
  told: number;
  wait: number;
  due: number;
  looking: boolean;
}

/** The histories that somebody follows on this hub. */
export class Followers {
  readonly #link: NatsLink;
  readonly #blocks: Blocks;
  readonly #topics = new Map<string, Topic>();
  readonly #timer: NodeJS.Timeout;
  #looks = 0;

  constructor(link: NatsLink, blocks: Blocks) {
    this.#link = link;
    this.#blocks = blocks;
    this.#timer = setInterval(() => this.#tick(), LOOK_MS.tick);
    this.#timer.unref();
  }

  async follow(session: string, listener: Listener): Promise<() => void> {
    const topic = this.#topics.get(session) ?? this.#begin(session);
    let ready = false;
    const mine: Listener = (last) => ready && listener(last);
    // From the start, so that nobody else ends the topic.
    topic.listeners.add(mine);
    const end = () => this.#leave(session, topic, mine);
    try {
      // The servers know of the subscription before the look: nothing falls between.
      await this.#link.read('follow a history', () => this.#link.nc.flush());
      await this.#look(session, topic);
    } catch (error) {
      end();
      throw error;
    }
    ready = true;
    return end;
  }

  /** The newest block that this hub has heard of; undefined where nobody follows here. */
  newest(session: string): Placed | undefined {
    return this.#topics.get(session)?.newest;
  }

  /** A block is stored. */
  heard(session: string, block: Placed): void {
    const topic = this.#topics.get(session);
    if (!topic || block.last <= topic.told) return;
    topic.newest = block;
    topic.told = block.last;
    topic.wait = LOOK_MS.first;
    topic.due = performance.now() + topic.wait;
    for (const listener of [...topic.listeners]) listener(block.last);
  }

  forget(session: string): void {
    const topic = this.#topics.get(session);
    if (topic) Object.assign(topic, { newest: undefined, told: 0 });
  }

  /** After the connection was lost: all at the next ticks. */
  hurry(): void {
    for (const topic of this.#topics.values()) topic.due = 0;
  }

  close(): void {
    clearInterval(this.#timer);
    this.#topics.clear();
  }

  #leave(session: string, topic: Topic, listener: Listener): void {
    topic.listeners.delete(listener);
    if (topic.listeners.size > 0 || this.#topics.get(session) !== topic) return;
    this.#topics.delete(session);
    topic.subscription.unsubscribe();
  }

  #begin(session: string): Topic {
    const subscription = this.#link.nc.subscribe(this.#blocks.news(session), {
      callback: (error, message) => {
        if (!error) this.#news(session, Number(message.headers?.get('Nats-Sequence')), message.data);
      },
    });
    const topic = {
      listeners: new Set<Listener>(),
      subscription,
      newest: undefined,
      told: 0,
      wait: LOOK_MS.first,
      due: performance.now() + LOOK_MS.first,
      looking: false,
    };
    this.#topics.set(session, topic);
    return topic;
  }

  #news(session: string, seq: number, data: Uint8Array): void {
    let block: Placed;
    try {
      block = this.#blocks.keep(session, seq, data);
    } catch {
      // Whoever reads it from the stream is told what is wrong with it.
      return;
    }
    this.heard(session, block);
  }

  #tick(): void {
    const now = performance.now();
    for (const [session, topic] of this.#topics) {
      if (this.#looks >= LOOKS) return;
      if (topic.due > now || topic.looking || topic.listeners.size === 0) continue;
      topic.wait = Math.min(topic.wait * LOOK_MS.growth, LOOK_MS.longest);
      // The next one is due when this one is answered, at the earliest.
      void this.#look(session, topic).catch(() => undefined);
    }
  }

  async #look(session: string, topic: Topic): Promise<void> {
    topic.looking = true;
    this.#looks++;
    try {
      const newest = await this.#blocks.newest(session, true);
      if (newest) this.heard(session, newest);
    } finally {
      this.#looks--;
      topic.looking = false;
      topic.due = performance.now() + topic.wait;
    }
  }
}
