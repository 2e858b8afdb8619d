import type { StoredMsg } from '@nats-io/jetstream';
import type { MsgHdrs, Subscription } from '@nats-io/transport-node';
import type { NatsLink } from './link.ts';

/** Looks at the stream for what did not come by itself. */
const LOOK_MS = 3000;
/** What comes by itself may be a little late. */
const GRACE_MS = 200;

export interface Change {
  readonly seq: number;
  /** In the bucket. */
  readonly tokens: string;
  readonly data: Uint8Array;
  /** A deletion's mark. */
  readonly gone: boolean;
}

/**
 * The changes of a bucket, in order, without an end. They come by the servers' publishing them again, which costs nothing but may
 * lose one with a server; a consumer would stall without a word when its server dies (measured). So each is checked against
 * the sequence, and what is missing is fetched. What has been overwritten meanwhile is then not told any more.
 */
export class Tail {
  readonly #link: NatsLink;
  readonly #bucket: string;
  readonly #subscription: Subscription;
  readonly #listener: (change: Change) => void;
  readonly #timer: NodeJS.Timeout;
  #cursor: number;
  #highest = 0;
  #catching = false;
  #ended = false;

  /** @param after the sequence to begin after */
  private constructor(
    link: NatsLink,
    bucket: string,
    changes: string,
    after: number,
    listener: (change: Change) => void,
  ) {
    this.#link = link;
    this.#bucket = bucket;
    this.#cursor = after;
    this.#listener = listener;
    const prefix = changes.length - 1;
    this.#subscription = link.nc.subscribe(changes, {
      callback: (error, { subject, headers, data }) => {
        if (!error)
          this.#heard(changeOf(Number(headers?.get('Nats-Sequence')), subject.slice(prefix), data, headers));
      },
    });
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
    this.#timer.unref();
  }

  /** From now on; or, with `all`, everything that is there first. */
  static async start(
    link: NatsLink,
    bucket: string,
    changes: string,
    listener: (change: Change) => void,
    all = false,
  ): Promise<Tail> {
    const stream = `KV_${bucket}`;
    const { state } = await link.read('follow what is kept', () => link.jsm.streams.info(stream));
    const tail = new Tail(link, bucket, changes, all ? 0 : state.last_seq, listener);
    await link.read('follow what is kept', () => link.nc.flush());
    // What came between.
    await tail.catchUp();
    // What is not there any more up to here will not come.
    tail.#cursor = Math.max(tail.#cursor, state.last_seq);
    return tail;
  }

  /** Fetches what is missing up to the end of the stream. */
  async catchUp(): Promise<void> {
    if (this.#catching) return;
    this.#catching = true;
    try {
      for (let next = await this.#next(); next && !this.#ended; next = await this.#next())
        this.#deliver(next);
    } finally {
      this.#catching = false;
    }
  }

  end(): void {
    this.#ended = true;
    clearInterval(this.#timer);
    this.#subscription.unsubscribe();
  }

  #heard(change: Change): void {
    if (this.#ended || change.seq <= this.#cursor) return;
    this.#highest = Math.max(this.#highest, change.seq);
    if (change.seq === this.#cursor + 1 && !this.#catching) this.#deliver(change);
    else setTimeout(() => this.#mend(), GRACE_MS).unref();
  }

  #mend(): void {
    if (!this.#ended && this.#highest > this.#cursor) this.#look();
  }

  #look(): void {
    // Told again at the next look.
    void this.catchUp().catch(() => undefined);
  }

  #deliver(change: Change): void {
    if (this.#ended || change.seq <= this.#cursor) return;
    this.#cursor = change.seq;
    this.#listener(change);
  }

  async #next(): Promise<Change | undefined> {
    const { jsm } = this.#link;
    const query = { seq: this.#cursor + 1, next_by_subj: `$KV.${this.#bucket}.>` };
    const found = await this.#link.read('follow what is kept', () =>
      jsm.streams.getMessage(`KV_${this.#bucket}`, query),
    );
    return found ? stored(found, this.#bucket) : undefined;
  }
}

function stored({ seq, subject, data, header }: StoredMsg, bucket: string): Change {
  return changeOf(seq, subject.slice(`$KV.${bucket}.`.length), data, header);
}

function changeOf(seq: number, tokens: string, data: Uint8Array, headers: MsgHdrs | undefined): Change {
  return { seq, tokens, data, gone: (headers?.get('KV-Operation') ?? '') !== '' };
}
