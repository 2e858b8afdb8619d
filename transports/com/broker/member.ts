import { HawserError } from '../../errors/error.ts';
import type { Link, LinkHost } from '../link/link.ts';
import type { LineShape } from '../link/rate.ts';
import { headOf, Kind } from '../wire/frame.ts';
import {
  BROKER_VERSION,
  FromBroker,
  jsonMessage,
  keyMessage,
  keyOf,
  message,
  readKey,
  ToBroker,
  withOp,
} from './messages.ts';
import { type Share, sharePort } from './share.ts';

export interface MemberOptions {
  /** As the user names the port. */
  readonly name: string;
  readonly device: string;
  readonly shape: LineShape;
  /** An end that called, on a channel that is listened to: makes the connection, or answers otherwise. */
  readonly called: (channel: number, id: number, frame: Buffer) => Link | null;
  /** Nothing uses the port any more. */
  readonly idle: () => void;
}

/** Bytes of garbage and sound frames that a port has brought, counting on. */
export interface Heard {
  readonly garbage: number;
  readonly frames: number;
}

const LOST_PAUSE_MS = 20;

/** What this process has on one port: its connections and the channels it listens on, whoever holds the port. */
export class Member implements LinkHost {
  readonly #options: MemberOptions;
  readonly #links = new Map<number, Link>();
  readonly #channels = new Set<number>();
  readonly #waiting = new Map<number, (free: boolean) => void>();
  /** With something to send, in turn. */
  readonly #awake = new Set<Link>();
  readonly #posted: Buffer[] = [];
  #share: Share | null = null;
  #joined = false;
  #credits = 0;
  #users = 0;
  #closed = false;
  #sending = false;
  #heard: Heard = { garbage: 0, frames: 0 };

  constructor(options: MemberOptions) {
    this.#options = options;
  }

  get heard(): Heard {
    return this.#heard;
  }

  /** Of a port that is shared, all must use the same. */
  get shape(): LineShape {
    return this.#options.shape;
  }

  /** @throws HawserError why the port cannot be used */
  async start(): Promise<void> {
    await this.#join(true);
  }

  /** Counts who uses the port; it is let go with the last of them. */
  use(): () => void {
    let used = true;
    this.#users++;
    return () => {
      if (!used) return;
      used = false;
      this.#users--;
      this.#check();
    };
  }

  add(link: Link): void {
    const key = keyOf(link.side, link.channel, link.id);
    this.#links.set(key, link);
    this.#say(keyMessage(ToBroker.claim, key));
    this.wake(link);
  }

  has(side: 'initiator' | 'acceptor', channel: number, id: number): boolean {
    return this.#links.has(keyOf(side, channel, id));
  }

  /** False when another server of this machine has the channel. */
  listen(channel: number): Promise<boolean> {
    if (this.#channels.has(channel)) return Promise.resolve(false);
    this.#channels.add(channel);
    return new Promise((resolve) => {
      this.#waiting.set(channel, (free) => {
        if (!free) this.#channels.delete(channel);
        resolve(free);
      });
      this.#say(message(ToBroker.listen, channel));
    });
  }

  unlisten(channel: number): void {
    if (this.#channels.delete(channel)) this.#say(message(ToBroker.unlisten, channel));
    this.#check();
  }

  wake(link: Link): void {
    this.#awake.add(link);
    if (this.#credits > 0) this.#soon();
  }

  post(frame: Buffer): void {
    this.#posted.push(frame);
    this.#soon();
  }

  release(link: Link): void {
    this.#awake.delete(link);
    const key = keyOf(link.side, link.channel, link.id);
    if (this.#links.get(key) !== link) return;
    this.#links.delete(key);
    this.#say(keyMessage(ToBroker.release, key));
    this.#check();
  }

  async #join(first: boolean): Promise<void> {
    const { name, device, shape } = this.#options;
    for (;;) {
      const share = await sharePort(name, device, shape, first);
      if (this.#closed) share.pipe.close();
      // Who held the port was about to let it go, or was killed: there is a next one, perhaps us.
      if (this.#closed || (await this.#enter(share))) break;
    }
    this.#check();
  }

  /** False when the other end is gone before it has said yes. @throws HawserError when it says no */
  async #enter(share: Share): Promise<boolean> {
    const { shape } = this.#options;
    this.#share = share;
    const { pipe } = share;
    return new Promise<boolean>((resolve, reject) => {
      pipe.onClose = () => {
        resolve(false);
        if (this.#share === share && this.#joined) this.#lost();
      };
      pipe.onMessage = (received) => {
        if (received[0] === FromBroker.joined) {
          this.#joined = true;
          this.#credits = 0;
          for (const channel of this.#channels) pipe.send(message(ToBroker.listen, channel));
          for (const key of this.#links.keys()) pipe.send(keyMessage(ToBroker.claim, key));
          resolve(true);
        } else if (received[0] === FromBroker.rejected) {
          this.#share = null;
          pipe.close();
          reject(HawserError.fromWire(JSON.parse(received.subarray(1).toString())));
        } else this.#take(received);
      };
      pipe.send(jsonMessage(ToBroker.join, { version: BROKER_VERSION, baud: shape.baud }));
    });
  }

  /** Who held the port is gone. Our connections are not: the next one is found, or made of us. */
  #lost(): void {
    this.#share = null;
    this.#joined = false;
    if (this.#closed) return;
    this.#join(false).catch(() => setTimeout(() => !this.#closed && this.#lost(), LOST_PAUSE_MS));
  }

  #take(received: Buffer): void {
    const op = received[0];
    if (op === FromBroker.frame) this.#frame(received.subarray(1));
    else if (op === FromBroker.credit) {
      this.#credits += received.readUInt16BE(1);
      this.#soon();
    } else if (op === FromBroker.line) {
      if (received[1] === 1) for (const link of this.#links.values()) link.hurry();
    } else if (op === FromBroker.listening || op === FromBroker.channelTaken) {
      const channel = received[1] ?? 0;
      const waiting = this.#waiting.get(channel);
      this.#waiting.delete(channel);
      waiting?.(op === FromBroker.listening);
    } else if (op === FromBroker.claimTaken) this.#links.get(readKey(received))?.destroy();
    else if (op === FromBroker.heard)
      this.#heard = { garbage: received.readUInt32BE(1), frames: received.readUInt32BE(5) };
  }

  #frame(frame: Buffer): void {
    const head = headOf(frame);
    if (!head) return;
    const side = head.fromAcceptor ? 'initiator' : 'acceptor';
    const key = keyOf(side, head.channel, head.id);
    const link = this.#links.get(key);
    if (link) link.receive(frame);
    else if (head.kind === Kind.open && side === 'acceptor' && this.#channels.has(head.channel)) {
      const called = this.#options.called(head.channel, head.id, frame);
      if (called) this.add(called);
      else this.#say(keyMessage(ToBroker.release, key));
    } else this.#say(keyMessage(ToBroker.release, key));
  }

  #say(said: Buffer): void {
    if (this.#joined) this.#share?.pipe.send(said);
  }

  #soon(): void {
    if (this.#sending) return;
    this.#sending = true;
    queueMicrotask(() => {
      this.#sending = false;
      this.#send();
    });
  }

  #send(): void {
    if (!this.#joined) return;
    // Whether there is credit or not, as a debt: they are few, and their connection is over.
    for (const frame of this.#posted.splice(0)) {
      this.#credits--;
      this.#say(withOp(ToBroker.frame, frame));
    }
    while (this.#credits > 0) {
      const [link] = this.#awake;
      if (!link) return;
      this.#awake.delete(link);
      const frame = link.pull();
      if (!frame) continue;
      this.#awake.add(link);
      this.#credits--;
      this.#say(withOp(ToBroker.frame, frame));
    }
  }

  #check(): void {
    if (this.#closed) return;
    const used = this.#users > 0 || this.#links.size > 0 || this.#channels.size > 0;
    if (used) return;
    this.#closed = true;
    this.#options.idle();
    // What was said last is on its way first.
    this.#share?.keep(false);
    setImmediate(() => {
      this.#share?.pipe.close();
      this.#share = null;
    });
  }
}
