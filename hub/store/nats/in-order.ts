import { Lru } from './lru.ts';

/** What goes over the wire: one of a sender's messages on one subject. */
export interface Envelope {
  readonly from: string;
  /** Rising, for each sender. */
  readonly n: number;
  /** The number of the one before it on this subject that may still be on its way; null: there is none. */
  readonly after: number | null;
  readonly message: unknown;
}

interface Held<T> {
  readonly envelope: Envelope;
  readonly arrived: T;
  readonly timer: NodeJS.Timeout;
}

interface Sender<T> {
  /** The last one handed on. */
  last: number;
  /** Arrived before what goes before them, by their numbers. */
  readonly early: Map<number, Held<T>>;
}

/** Hubs whose messages are told apart. */
const SENDERS = 1000;

/**
 * One listener's end of what is sent several times: hands each message on once, in the order in which its sender sent them. One
 * that overtook another waits for it.
 */
export class InOrder<T> {
  readonly #senders = new Lru<string, Sender<T>>(SENDERS);
  readonly #patience: number;
  readonly #hand: (message: unknown, arrived: T) => void;
  #ended = false;

  /** @param patience milliseconds after which what goes before is taken for lost */
  constructor(patience: number, hand: (message: unknown, arrived: T) => void) {
    this.#patience = patience;
    this.#hand = hand;
  }

  take(envelope: Envelope, arrived: T): void {
    if (this.#ended) return;
    const sender = this.#sender(envelope.from);
    const { n } = envelope;
    if (n <= sender.last || sender.early.has(n)) return;
    const timer = setTimeout(() => this.#handOn(sender, n), this.#patience);
    sender.early.set(n, { envelope, arrived, timer });
    this.#handOn(sender, 0);
  }

  /** Nothing is handed on any more. */
  end(): void {
    this.#ended = true;
    for (const { early } of this.#senders.values())
      for (const { timer } of early.values()) clearTimeout(timer);
  }

  #sender(from: string): Sender<T> {
    const known = this.#senders.get(from);
    if (known) return known;
    const made: Sender<T> = { last: 0, early: new Map() };
    this.#senders.set(from, made);
    return made;
  }

  /** All up to `until`, whatever is missing before them, and what follows on without a gap. */
  #handOn(sender: Sender<T>, until: number): void {
    const waiting = [...sender.early.values()].sort((a, b) => a.envelope.n - b.envelope.n);
    for (const { envelope, arrived, timer } of waiting) {
      const { n, after, message } = envelope;
      if (n > until && after !== null && after > sender.last) return;
      clearTimeout(timer);
      sender.early.delete(n);
      sender.last = n;
      if (!this.#ended) this.#hand(message, arrived);
    }
  }
}
