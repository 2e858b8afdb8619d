import { Duplex } from 'node:stream';
import { type Head, headOf, Kind, makeFrame } from '../wire/frame.ts';
import {
  openingFrame,
  type RefusalNote,
  readAck,
  readOpening,
  readRefusal,
  readSequenced,
} from '../wire/messages.ts';
import { LinkClock } from './clock.ts';
import type { LineShape } from './rate.ts';
import { Receiver } from './receiver.ts';
import { Sender } from './sender.ts';

/** What a connection needs of the port that it goes over. */
export interface LinkHost {
  /** `pull` has something. */
  wake(link: Link): void;
  /** Sends one frame that nobody waits for. */
  post(frame: Buffer): void;
  /** It is over; its number may be forgotten. */
  release(link: Link): void;
}

export interface LinkOptions {
  readonly channel: number;
  readonly id: number;
  /** Whether we called, or were called. */
  readonly side: 'initiator' | 'acceptor';
  readonly shape: LineShape;
  readonly host: LinkHost;
  /** Frames that the other end takes: known to the one that was called. */
  readonly window?: number;
  /** After which silence the connection is given up, ms. */
  readonly silenceMs: number;
  /** Why it was given up, as the user reads it. */
  readonly silent: () => Error;
  /** The end that called: how it went. Null: the connection stands. */
  readonly answered?: (refusal: RefusalNote | 'reset' | null) => void;
}

const broken = (code: string, text: string) => Object.assign(new Error(text), { code });

/**
 * One connection over a serial line, as a stream: every byte once, in order, whatever the line does. It lives in the
 * process that uses it and not in the one that holds the port, so that it outlives that one.
 */
export class Link extends Duplex {
  readonly channel: number;
  readonly id: number;
  readonly side: 'initiator' | 'acceptor';
  readonly #head: Head;
  readonly #options: LinkOptions;
  readonly #sender: Sender;
  readonly #receiver: Receiver;
  readonly #clock: LinkClock;
  #state: 'opening' | 'open' | 'gone' = 'open';
  /** A frame to open or to accept is to be sent. */
  #openingDue = true;
  #probeDue = false;
  #openAgain = Number.POSITIVE_INFINITY;
  #probeAgain = Number.POSITIVE_INFINITY;
  #peerEnded = false;
  #wanting = false;
  #written: (() => void) | null = null;
  #ended: (() => void) | null = null;

  constructor(options: LinkOptions) {
    super({ allowHalfOpen: true, writableHighWaterMark: options.shape.queue });
    const { channel, id, side, shape } = options;
    this.channel = channel;
    this.id = id;
    this.side = side;
    this.#options = options;
    const head = { fromAcceptor: side === 'acceptor', channel, id };
    this.#head = { ...head, kind: Kind.open };
    const now = () => performance.now();
    this.#sender = new Sender(head, shape, now);
    this.#receiver = new Receiver(head, shape, now);
    if (options.window !== undefined) this.#sender.allow(options.window);
    else this.#state = 'opening';
    this.#clock = new LinkClock(options.silenceMs, now, {
      due: () => this.#due(),
      quiet: () => this.#ask(),
      dead: () => this.destroy(options.silent()),
    });
    // Stays for good: an error nobody listens to would end the program. Whoever takes the stream adds its own.
    this.on('error', () => {});
  }

  /** The next frame for the line, or null when there is none for now. */
  pull(): Buffer | null {
    const frame = this.#pull();
    if (this.#written && this.#sender.queued < this.#options.shape.queue) {
      const written = this.#written;
      this.#written = null;
      written();
    }
    this.#schedule();
    return frame;
  }

  /** The line is there again. */
  hurry(): void {
    if (this.#state === 'opening') this.#openingDue = true;
    this.#sender.hurry();
    this.#ask();
    this.#schedule();
  }

  receive(frame: Buffer): void {
    const head = headOf(frame);
    if (!head) return;
    this.#clock.heard();
    if (this.#state === 'opening') this.#whileOpening(head.kind, frame);
    else this.#whileOpen(head.kind, frame);
    this.#deliver();
    this.#options.host.wake(this);
    this.#schedule();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error) => void): void {
    if (this.#state === 'gone') {
      done(broken('EPIPE', 'the other end has closed'));
      return;
    }
    this.#sender.write(chunk);
    if (this.#sender.queued < this.#options.shape.queue) done();
    else this.#written = done;
    this.#options.host.wake(this);
  }

  override _final(done: () => void): void {
    this.#ended = done;
    this.#sender.end();
    this.#settleEnd();
    this.#options.host.wake(this);
  }

  override _read(): void {
    this.#wanting = true;
    this.#deliver();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    const { host } = this.#options;
    const orderly = this.#peerEnded && this.#sender.done;
    this.#written = null;
    if (this.#state === 'gone' || !orderly) {
      if (this.#state !== 'gone') host.post(makeFrame({ ...this.#head, kind: Kind.reset }));
      this.#over();
    } else {
      // The other end may not know yet that its end has come: it is answered for a while.
      host.wake(this);
      setTimeout(() => this.#over(), Math.min(2_000, 2 * this.#sender.patienceMs));
    }
    done(error);
  }

  #over(): void {
    this.#state = 'gone';
    this.#clock.stop();
    this.#options.host.release(this);
  }

  #pull(): Buffer | null {
    if (this.#state === 'gone') return null;
    const { shape } = this.#options;
    if (this.#openingDue) {
      this.#openingDue = false;
      const { side } = this;
      if (side === 'initiator') this.#openAgain = performance.now() + this.#sender.patienceMs;
      return openingFrame({ ...this.#head, kind: side === 'initiator' ? Kind.open : Kind.accept }, shape);
    }
    if (this.#state === 'opening') return null;
    if (this.#receiver.ackDue) return this.#receiver.ack();
    const frame = this.#sender.pull();
    if (frame) return frame;
    if (!this.#probeDue) return null;
    this.#probeDue = false;
    return makeFrame({ ...this.#head, kind: Kind.probe });
  }

  #whileOpening(kind: number, frame: Buffer): void {
    const { answered } = this.#options;
    if (kind === Kind.accept) {
      const opening = readOpening(frame);
      if (!opening) return;
      this.#state = 'open';
      this.#openingDue = false;
      this.#openAgain = Number.POSITIVE_INFINITY;
      this.#sender.allow(opening.window);
      answered?.(null);
    } else if (kind === Kind.refuse) {
      const refusal = readRefusal(frame);
      if (!refusal) return;
      this.#over();
      answered?.(refusal);
    } else if (kind === Kind.reset) {
      this.#over();
      answered?.('reset');
    }
  }

  #whileOpen(kind: number, frame: Buffer): void {
    if (kind === Kind.open) this.#openingDue = this.side === 'acceptor';
    else if (kind === Kind.probe) this.#receiver.asked();
    else if (kind === Kind.reset) this.#wasReset();
    else if (kind === Kind.data || kind === Kind.end) {
      const read = readSequenced(frame, this.#receiver.next);
      if (read) this.#receiver.take(read.sequence, kind === Kind.end ? null : read.payload);
    } else if (kind === Kind.ack) {
      const ack = readAck(frame, this.#sender.base);
      if (!ack) return;
      this.#sender.acknowledged(ack);
      this.#probeAgain = Number.POSITIVE_INFINITY;
      this.#settleEnd();
    }
  }

  /** The other end knows nothing of us any more. What it had sent in full before may still be read. */
  #wasReset(): void {
    if (this.destroyed) {
      this.#over();
      return;
    }
    this.#state = 'gone';
    if (this.#peerEnded) this.#settleEnd();
    else this.destroy(broken('ECONNRESET', 'read ECONNRESET'));
  }

  #settleEnd(): void {
    if (!this.#ended || !(this.#sender.done || this.#state === 'gone')) return;
    const ended = this.#ended;
    this.#ended = null;
    ended();
  }

  #deliver(): void {
    while (this.#wanting && !this.destroyed) {
      const piece = this.#receiver.read();
      if (piece === undefined) break;
      if (piece === null) this.#peerEnded = true;
      this.#wanting = this.push(piece) && piece !== null;
    }
    if (this.#receiver.ackDue) this.#options.host.wake(this);
  }

  #ask(): void {
    if (this.#state !== 'open') return;
    this.#probeDue = true;
    this.#probeAgain = Number.POSITIVE_INFINITY;
    this.#options.host.wake(this);
  }

  #schedule(): void {
    if (this.#state === 'gone') return;
    if (this.#state === 'open' && this.#sender.blocked && this.#probeAgain === Number.POSITIVE_INFINITY)
      this.#probeAgain = performance.now() + 1_000 + this.#sender.patienceMs;
    this.#clock.at(
      Math.min(this.#sender.deadline, this.#receiver.deadline, this.#openAgain, this.#probeAgain),
    );
  }

  /** Some deadline may have passed. */
  #due(): void {
    const now = performance.now();
    if (this.#sender.deadline <= now) this.#sender.expired();
    if (this.#receiver.deadline <= now) this.#receiver.expired();
    if (this.#probeAgain <= now) this.#ask();
    if (this.#openAgain <= now && this.#state === 'opening') this.#openingDue = true;
    if (this.#openAgain <= now) this.#openAgain = Number.POSITIVE_INFINITY;
    this.#options.host.wake(this);
    this.#schedule();
  }
}
