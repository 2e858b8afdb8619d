import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { HawserError } from '../../../../transports/errors/error.ts';
import { goodbye, StubFeatures, type StubName, stubName } from '../../../stub/rsp/features.ts';
import { encodePacket, packetOf, type RspItem, RspReader, textOf } from '../../../stub/rsp/packets.ts';
import { PacketFollower } from '../../../stub/server/follower.ts';
import { freeing } from '../../../stub/server/let-go.ts';
import { type OpenWire, wireEnd } from '../open.ts';

/** How long the target may take to stop, and the stub for one answer, before it is left as it is, ms. */
const ANSWER_MS = 3000;
const LOOK_MS = 20;
/** What is not answered has left a slow line by then. */
const FLUSH_MS = 200;
const INTERRUPT = Buffer.from('\x03');
const ACK = Buffer.from('+');
const MAX_REQUEST = 1 << 20;

/** A wire between its one user and a kernel. What the user leaves halted is let go when the user has gone. */
export class HeldWire {
  readonly #wire: OpenWire;
  readonly #follower = new PacketFollower();
  readonly #fromUser = new RspReader(MAX_REQUEST);
  readonly #fromStub = new RspReader();
  /** It has been talked to, and is not detached from. */
  #halted = false;
  #ended = false;
  #name: StubName = 'unknown';
  /** As the stub names it where it knows several. */
  #pid = '';
  #closing: Promise<void> | null = null;

  /** @param ended why the wire ended by itself; called once */
  constructor(wire: OpenWire, channel: Duplex, ended: (error: HawserError) => void) {
    this.#wire = wire;
    const { stream } = wire;
    let cause: Error | null = null;
    stream.on('error', (error: Error) => {
      cause = error;
    });
    for (const event of ['end', 'close'])
      stream.on(event, () => {
        if (this.#ended) return;
        this.#ended = true;
        if (this.#closing === null) ended(wireEnd(wire.peer, cause));
      });
    channel.on('error', () => undefined);
    channel.on('data', (bytes: Buffer) => {
      this.#follow(this.#fromUser, bytes, (item) => {
        if (item.kind === 'packet') this.#sent(item.raw);
      });
      if (!stream.write(bytes)) {
        channel.pause();
        stream.once('drain', () => channel.resume());
      }
    });
    stream.on('data', (bytes: Buffer) => {
      this.#follow(this.#fromStub, bytes, (item) => this.#came(item));
      if (!channel.destroyed && !channel.write(bytes)) {
        stream.pause();
        channel.once('drain', () => stream.resume());
      }
    });
  }

  get peer(): string {
    return this.#wire.peer;
  }

  /** @returns false: this wire has none of its own */
  breakIn(): Promise<boolean> {
    return this.#wire.breakIn();
  }

  /** Takes out what was inserted, lets the kernel run on, closes the wire. Idempotent. */
  close(): Promise<void> {
    this.#closing ??= this.#letGo().finally(() => this.#wire.stream.destroy());
    return this.#closing;
  }

  async #letGo(): Promise<void> {
    if (!this.#halted || this.#ended) return;
    // It may stand again before it is read, where the user was the one that did not.
    this.#wire.stream.resume();
    if (this.#follower.running) {
      if (!(await this.#wire.breakIn())) this.#wire.stream.write(INTERRUPT);
    }
    if (!(await this.#answered())) return;
    const bodies = freeing(this.#follower).filter((body) => !body.startsWith('QProgramSignals'));
    const last = goodbye(this.#name, !this.#wire.reliable);
    for (const wanted of [...bodies, 'qC', last]) {
      const body = wanted === 'D' && this.#pid !== '' ? `D;${this.#pid}` : wanted;
      const raw = encodePacket(body);
      this.#sent(raw);
      this.#wire.stream.write(raw);
      if (body === 'c') await sleep(FLUSH_MS);
      else if (!(await this.#answered())) return;
    }
  }

  async #answered(): Promise<boolean> {
    const until = performance.now() + ANSWER_MS;
    while (!this.#follower.answered && !this.#ended) {
      if (performance.now() > until) return false;
      await sleep(LOOK_MS);
    }
    return !this.#ended;
  }

  #sent(raw: Buffer): void {
    this.#halted = true;
    this.#follower.sent(packetOf(raw));
  }

  #came(item: RspItem): void {
    if (item.kind !== 'packet') return;
    // In the user's place nobody else acknowledges.
    if (this.#closing && !this.#follower.noAck) this.#wire.stream.write(ACK);
    const asked = this.#follower.came(item);
    if (asked === 'qC') this.#pid = /^QCp([0-9a-f]+)\./.exec(textOf(item))?.[1] ?? '';
    if (asked?.startsWith('qSupported')) this.#name = stubName(new StubFeatures(textOf(item)));
    if (asked !== null && /^D/.test(asked) && item.body.toString('latin1', 0, 2) === 'OK')
      this.#halted = false;
  }

  /** What cannot be followed is passed on all the same. */
  #follow(reader: RspReader, bytes: Buffer, take: (item: RspItem) => void): void {
    try {
      reader.push(bytes, take);
    } catch {
      this.#halted = false;
    }
  }
}
