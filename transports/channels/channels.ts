import type { Duplex } from 'node:stream';
import { connectionErrors } from '../errors/connection-errors.ts';
import { type HawserError, toHawserError } from '../errors/error.ts';
import { MAX_CHANNEL } from '../frames/format.ts';
import type { Framed, RawHandler } from '../frames/framed.ts';
import type { ByteChannels, ChannelOptions, ChannelPosition } from './byte-channels.ts';
import { Channel } from './channel.ts';
import { LinkPace } from './pace.ts';

/** Both ends have the same: what may be under way, unread, on one channel. */
export const CHANNEL_WINDOW = 4 << 20;

const nothing = () => undefined;
const DEAF: RawHandler = { data: nothing, end: nothing, ack: nothing, reset: nothing };

/** See {@link ByteChannels}. `window`: for tests, the same at both ends. */
export function createByteChannels(options: { readonly window?: number } = {}): ByteChannels {
  return new Channels(options.window ?? CHANNEL_WINDOW);
}

class Channels implements ByteChannels {
  readonly window: number;
  readonly #open = new Map<number, Channel>();
  /** Numbers that were in use: what still comes on one of them is late, not wrong. */
  readonly #used = new Set<number>();
  /** Where frames come from. */
  #source: Framed | null = null;
  /** Where they may go to. */
  #sink: Framed | null = null;
  /** Who has something to send, in turn; those that are paced after all others. */
  readonly #ready = new Set<Channel>();
  readonly #paced = new Set<Channel>();
  pace = new LinkPace();
  #full = false;
  #closed: { readonly reason: HawserError | null } | null = null;
  readonly #handler: RawHandler = {
    data: (id, payload) => this.#on(id)?.data(payload),
    end: (id) => this.#on(id)?.end(),
    ack: (id, total) => this.#on(id)?.ack(total),
    // One that was let go before it was opened here, or was never to be: nobody is hurt.
    reset: (id) => this.#open.get(id)?.reset(),
  };

  constructor(window: number) {
    this.window = window;
  }

  get sink(): Framed | null {
    return this.#sink;
  }

  get positions(): readonly ChannelPosition[] {
    return [...this.#open.values()].map(({ id, received }) => ({ id, received }));
  }

  open(id: number, options: ChannelOptions = {}): Duplex {
    if (!Number.isInteger(id) || id < 1 || id > MAX_CHANNEL || this.#used.has(id))
      throw new RangeError(`channel ${id}`);
    const channel = new Channel(id, this, options);
    this.#used.add(id);
    this.#open.set(id, channel);
    if (this.#closed) channel.close(this.#closed.reason);
    return channel.stream;
  }

  receive(framed: Framed): void {
    if (this.#source === framed) return;
    this.unbind();
    this.#source = framed;
    framed.setRawHandler(this.#handler);
    framed.onClose(() => {
      if (this.#source === framed) this.unbind();
    });
  }

  bind(framed: Framed, theirs?: readonly ChannelPosition[]): void {
    this.receive(framed);
    this.#sink = framed;
    this.pace = new LinkPace();
    // Nothing leaves before each channel knows where to go on.
    this.#full = true;
    try {
      if (theirs) this.#resume(framed, theirs);
      else for (const channel of this.#open.values()) this.#queue(channel);
    } catch (error) {
      framed.fail(toHawserError(error));
      return;
    }
    this.#full = false;
    this.#flush();
  }

  unbind(): void {
    this.#source?.setRawHandler(DEAF);
    this.#source = null;
    this.#sink = null;
    this.#ready.clear();
    this.#paced.clear();
  }

  close(reason: HawserError | null): void {
    if (this.#closed) return;
    this.#closed = { reason };
    const open = [...this.#open.values()];
    for (const channel of open) channel.close(reason);
    this.unbind();
  }

  ready(channel: Channel): void {
    if (this.#open.get(channel.id) !== channel) return;
    this.#queue(channel);
    this.#flush();
  }

  forget(channel: Channel): void {
    this.#open.delete(channel.id);
    this.#ready.delete(channel);
    this.#paced.delete(channel);
  }

  #queue(channel: Channel): void {
    (channel.paced ? this.#paced : this.#ready).add(channel);
  }

  #resume(framed: Framed, theirs: readonly ChannelPosition[]): void {
    const named = new Map(theirs.map(({ id, received }) => [id, received]));
    for (const channel of [...this.#open.values()]) {
      const received = named.get(channel.id);
      if (received === undefined) channel.reset();
      else channel.resume(received);
    }
    // They were let go here while there was nobody to tell.
    for (const id of named.keys()) if (this.#used.has(id) && !this.#open.has(id)) framed.reset(id);
  }

  /** A frame of each channel in turn, while the connection takes more. */
  #flush(): void {
    const sink = this.#sink;
    if (!sink) return;
    for (const queue of [this.#ready, this.#paced])
      for (const channel of queue) {
        if (this.#full || sink.closed) return;
        queue.delete(channel);
        const { more, room } = channel.send(sink);
        if (more) queue.add(channel);
        if (!room) this.#wait(sink);
      }
  }

  #wait(sink: Framed): void {
    this.#full = true;
    void sink.drained().then(() => {
      if (this.#sink !== sink) return;
      this.#full = false;
      this.#flush();
    });
  }

  #on(id: number): Channel | undefined {
    const channel = this.#open.get(id);
    if (!channel && !this.#used.has(id))
      throw connectionErrors.protocolViolation(`channel ${id} is not open`);
    return channel;
  }
}
