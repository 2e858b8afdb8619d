import { describe, expect, it } from 'vitest';
import { LinkPace, type Pacer } from './pace.ts';

interface Sender {
  readonly pacer: Pacer;
  place: number;
}

/** A link in made-up time: bytes wait for those before them, and their acknowledgements come a round trip later. */
class Link {
  time = 0;
  readonly pace = new LinkPace(() => this.time);
  readonly senders: Sender[] = [];
  /** When the last byte given to it has gone through. */
  #free = 0;
  readonly #acks: { readonly at: number; readonly sender: Sender; readonly place: number }[] = [];
  rate: number;
  roundTrip: number;
  carried = 0;
  /** The longest that anything given to it would have had to wait for what is before it. */
  worst = 0;

  /** @param rate bytes a millisecond */
  constructor(rate: number, roundTrip: number, senders = 1) {
    this.rate = rate;
    this.roundTrip = roundTrip;
    for (let n = 0; n < senders; n++) this.senders.push({ pacer: this.pace.begin(), place: 0 });
  }

  run(milliseconds: number): void {
    const end = this.time + milliseconds;
    this.carried = this.worst = 0;
    while (this.time < end) {
      for (const sender of this.senders) this.#send(sender);
      const next = this.#acks.shift();
      if (!next) throw new Error('nothing is under way');
      this.time = next.at;
      next.sender.pacer.acked(next.place);
    }
  }

  #send(sender: Sender): void {
    for (let bytes = sender.pacer.room; bytes > 0; bytes = sender.pacer.room) {
      sender.place += bytes;
      this.carried += bytes;
      this.#free = Math.max(this.#free, this.time) + bytes / this.rate;
      this.worst = Math.max(this.worst, this.#free - this.time);
      sender.pacer.sent(sender.place, bytes);
      this.#acks.push({ at: this.#free + this.roundTrip, sender, place: sender.place });
    }
  }
}

describe('a paced channel', () => {
  it.each([
    [1, 10],
    [11, 20],
    [27, 0.5],
    [270, 1],
    [270, 50],
    [270, 200],
    [12_500, 1],
    [12_500, 200],
    [500_000, 0.1],
  ])(
    'on a link of %i bytes a millisecond and a round trip of %f ms fills it, and delays others by little',
    (rate, roundTrip) => {
      const link = new Link(rate, roundTrip);
      // Until it knows the link.
      link.run(20_000);
      link.run(5000);
      expect(link.carried).toBeGreaterThan(0.9 * rate * 5000 - 1024);
      // No less than the least can be under way.
      expect(link.worst).toBeLessThan(150 + 2048 / rate);
    },
  );

  it('knows a link of 270 bytes a millisecond before it has been in the way for long', () => {
    const link = new Link(270, 50);
    link.run(2000);
    expect(link.worst).toBeLessThan(250);
    expect(link.carried).toBeGreaterThan(0.6 * 270 * 2000);
  });

  it('shares a link with others like it', () => {
    const link = new Link(270, 20, 8);
    link.run(20_000);
    link.run(5000);
    expect(link.carried).toBeGreaterThan(0.9 * 270 * 5000);
    expect(link.worst).toBeLessThan(300);
  });

  it('follows a link that becomes slower, faster, longer', () => {
    const link = new Link(2700, 5);
    link.run(5000);
    for (const [rate, roundTrip] of [
      [100, 5],
      [5000, 5],
      [270, 400],
    ] as const) {
      [link.rate, link.roundTrip] = [rate, roundTrip];
      link.run(60_000);
      link.run(5000);
      expect(link.carried).toBeGreaterThan(0.8 * rate * 5000);
      expect(link.worst).toBeLessThan(250);
    }
  });

  it('sends no crumbs, and goes on when all has been acknowledged', () => {
    const pacer = new LinkPace(() => 0).begin();
    expect(pacer.room).toBe(1024);
    for (let place = 1024; place <= 4096; place += 1024) pacer.sent(place, 1024);
    expect(pacer.room).toBe(0);
    pacer.acked(100);
    expect(pacer.room).toBe(0);
    pacer.acked(4096);
    expect(pacer.underWay).toBe(0);
    expect(pacer.room).toBeGreaterThanOrEqual(1024);
  });
});
