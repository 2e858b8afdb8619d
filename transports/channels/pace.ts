/** What paced channels may add to the way of everything else on the link, milliseconds. */
const DELAY_MS = 50;
/** A link that nothing is known of gets so much at first; more than on most links is a matter of a moment. */
const START = 4 * 1024;
/** With no more than this under way, bytes, the link is as good as idle. */
const LEAST = 1024;
/** Of what may be under way: small enough to tell soon how long it took. */
const PIECES = 8;
/** Pieces whose acknowledgements are waited for; small ones beyond that are taken together. */
const MAX_NOTES = 64;
const MAX_GROWTH = 4;

/**
 * What paced channels have learnt of a link. A byte that was given to the system cannot be overtaken, so that on a slow
 * link much would stand in front of what people wait for: paced channels keep as much under way as the link carries in its
 * own delay and {@link DELAY_MS}, as seen by their acknowledgements (the idea of LEDBAT, RFC 6817).
 */
export class LinkPace {
  readonly #now: () => number;
  /** What a piece took on the idle link, milliseconds. */
  #delay = Number.POSITIVE_INFINITY;
  #limit = START;
  readonly #pacers = new Set<Pacer>();

  /** @param now milliseconds; for tests */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** For one more channel; it begins with its share of what the last one had. */
  begin(): Pacer {
    const pacer = new Pacer(this, Math.max(LEAST, this.#limit / (this.#pacers.size + 1)));
    this.#pacers.add(pacer);
    return pacer;
  }

  end(pacer: Pacer): void {
    this.#pacers.delete(pacer);
  }

  get now(): number {
    return this.#now();
  }

  get underWay(): number {
    let sum = 0;
    for (const { underWay } of this.#pacers) sum += underWay;
    return sum;
  }

  /**
   * @param ahead of the channel, under way when a piece of it was sent, bytes, that piece included
   * @param idle nothing else was
   * @param limit that held then
   * @returns the limit that is to hold
   */
  learn(ahead: number, idle: boolean, took: number, limit: number): number {
    // A way that has become longer is found when hardly anything is under way any more.
    this.#delay = idle ? took : Math.min(this.#delay, took);
    const waited = took - this.#delay;
    const growth = Math.min((this.#delay + DELAY_MS) / Math.max(took, 0.01), MAX_GROWTH);
    if (waited > DELAY_MS) this.#limit = Math.max(LEAST, Math.min(limit, ahead * growth));
    else this.#limit = Math.max(limit, ahead * (waited < DELAY_MS / 4 ? Math.max(growth, 2) : growth));
    return this.#limit;
  }
}

interface Note {
  /** Place of the channel after the piece. */
  end: number;
  at: number;
  ahead: number;
  idle: boolean;
}

/** How much of one channel may be under way. */
export class Pacer {
  readonly link: LinkPace;
  #limit: number;
  #sent = 0;
  #acked = 0;
  readonly #notes: Note[] = [];

  constructor(link: LinkPace, limit: number) {
    this.link = link;
    this.#limit = limit;
  }

  get underWay(): number {
    return this.#sent - this.#acked;
  }

  /** Bytes that may be sent as one piece now; 0: not before something has been acknowledged. */
  get room(): number {
    const free = this.#limit - this.underWay;
    // Not in crumbs.
    return free < LEAST ? 0 : Math.floor(Math.min(free, Math.max(LEAST, this.#limit / PIECES)));
  }

  /** @param end the channel's place after what has just been sent */
  sent(end: number, bytes: number): void {
    if (this.#sent === 0) this.#acked = end - bytes;
    this.#sent = end;
    const note = {
      end,
      at: this.link.now,
      ahead: this.underWay,
      idle: this.link.underWay <= LEAST,
    };
    if (this.#notes.length < MAX_NOTES) this.#notes.push(note);
    else this.#notes[MAX_NOTES - 1] = note;
  }

  /** @param place up to which the other end has taken the channel */
  acked(place: number): void {
    this.#acked = Math.max(this.#acked, Math.min(place, this.#sent));
    let last: Note | undefined;
    for (let note = this.#notes[0]; note && note.end <= place; note = this.#notes[0])
      last = this.#notes.shift();
    if (last) this.#limit = this.link.learn(last.ahead, last.idle, this.link.now - last.at, this.#limit);
  }

  end(): void {
    this.link.end(this);
  }
}
