import type { Duplex } from 'node:stream';
import { connectionErrors } from '../errors/connection-errors.ts';
import { type HawserError, toHawserError } from '../errors/error.ts';
import { FrameDecoder } from './decoder.ts';
import {
  ACK_BYTES,
  type EncodedFrame,
  encodeFrame,
  FrameType,
  HEADER_BYTES,
  MAX_CHANNEL,
  writeHeader,
} from './format.ts';
import { goodbyeFrame, linkLostBy, readGoodbye } from './goodbye.ts';
import { KeepAlive, type KeepAliveOptions } from './keep-alive.ts';

export interface FramedOptions {
  /** Largest payload accepted from the peer, bytes. Default {@link DEFAULT_MAX_PAYLOAD}. */
  readonly maxReceive?: number;
  /** Largest payload sent: what the peer accepts. Default {@link DEFAULT_MAX_PAYLOAD}. */
  readonly maxSend?: number;
  /** Find a dead peer by its silence. Off when absent. */
  readonly keepAlive?: KeepAliveOptions;
}

/** 16 MiB: far over any batch of events or block of memory, far under what would hurt. */
export const DEFAULT_MAX_PAYLOAD = 16 << 20;

/** Payloads up to this size are copied behind their header: cheaper than a second entry in the stream's queue. */
const COPY_BELOW = 4096;
/** How long a connection closed in good order may take to drain before it is cut. */
const LINGER_MS = 5_000;
/** Of what came first, for naming a peer that speaks something else. */
const OPENING_BYTES = 64;

export interface ChannelHandler {
  /** `payload` may share memory with what the stream delivered: copy what is kept for long. */
  data(payload: Buffer): void;
  /** The peer sends no more on this channel; we still may. */
  end?(): void;
}

/** Takes what comes on channels that have no handler of their own: the raw channels (transports/channels). */
export interface RawHandler {
  /** As {@link ChannelHandler.data}. */
  data(channel: number, payload: Buffer): void;
  end(channel: number): void;
  ack(channel: number, total: number): void;
  reset(channel: number): void;
}

/**
 * A duplex stream cut into frames of numbered channels. It owns the stream.
 *
 * Reading stands still until channel 0 has a handler, and while `pause`d. Whoever is to receive on
 * another channel sets its handler before the peer can know the number; frames of a channel without one break the protocol.
 */
export class Framed {
  readonly #stream: Duplex;
  readonly #decoder: FrameDecoder;
  readonly #channels = new Map<number, ChannelHandler>();
  #raw: RawHandler | null = null;
  readonly #onClose = new Set<(reason: HawserError | null) => void>();
  readonly #keepAlive: KeepAlive | null;
  #maxSend: number;
  #opening: Buffer = Buffer.alloc(0);
  /** Until the peer is known to speak the protocol: break off without a word, and ping nobody who has said nothing. */
  quiet = false;
  #paused = false;
  #draining = false;
  #closing = false;
  /** Undefined while open. */
  #closed: HawserError | null | undefined;

  constructor(stream: Duplex, options: FramedOptions = {}) {
    this.#stream = stream;
    this.#decoder = new FrameDecoder(options.maxReceive ?? DEFAULT_MAX_PAYLOAD);
    this.#maxSend = options.maxSend ?? DEFAULT_MAX_PAYLOAD;
    // One listener for each waiting drain would pass Node's warning limit; the waiters are bounded by their writers.
    stream.setMaxListeners(0);
    stream.on('data', (chunk: Buffer) => this.#receive(chunk));
    stream.on('end', () => this.#finish(linkLostBy(null, this.#decoder.inFrame)));
    stream.on('error', (error) => this.#finish(linkLostBy(error, this.#decoder.inFrame)));
    stream.on('close', () => this.#finish(linkLostBy(null, this.#decoder.inFrame)));
    this.ended = new Promise((resolve) => {
      if (stream.closed) {
        resolve();
        // It broke before it came here: its events are past.
        queueMicrotask(() => this.#finish(linkLostBy(stream.errored, false)));
      } else stream.once('close', resolve);
    });
    stream.pause();
    const keepAlive = options.keepAlive;
    this.#keepAlive = keepAlive
      ? new KeepAlive(keepAlive, {
          // A ping holds a 0x03, which is a break-in to a GDB stub that was reached by mistake.
          ping: () => this.#knownToSpeak && this.#send(encodeFrame(FrameType.ping, 0)),
          reading: () => !stream.isPaused(),
          dead: (silentMs) => this.#finish(linkLostBy(null, false, silentMs)),
        })
      : null;
  }

  /** Resolves when the stream itself is closed: what a program waits for before it exits. Never rejects. */
  readonly ended: Promise<void>;

  /** Bytes given to `write` that the system has not taken yet. */
  get pendingBytes(): number {
    return this.#stream.writableLength;
  }

  get closed(): boolean {
    return this.#closed !== undefined || this.#closing;
  }

  /** The first bytes that ever came, at most 64. */
  get opening(): Buffer {
    return this.#opening;
  }

  get #knownToSpeak(): boolean {
    return !this.quiet || this.#opening.length > 0;
  }

  /** Largest payload that the peer takes. */
  get maxSend(): number {
    return this.#maxSend;
  }

  set limits(limits: { readonly maxReceive: number; readonly maxSend: number }) {
    this.#decoder.maxPayload = limits.maxReceive;
    this.#maxSend = limits.maxSend;
  }

  /**
   * Sends bytes on a channel. They must not change until `written` is called.
   * @param written When the system took them, or with the reason why it never will.
   * @returns False when the sender should wait for `drained`; the bytes are queued all the same.
   * @throws HawserError `FRAME_TOO_LARGE`
   */
  write(channel: number, bytes: Uint8Array, written?: (error: HawserError | null) => void): boolean {
    if (channel < 0 || channel > MAX_CHANNEL || !Number.isInteger(channel))
      throw new RangeError(`channel ${channel}`);
    this.#checkSize(bytes.byteLength);
    if (bytes.byteLength <= COPY_BELOW)
      return this.#send(encodeFrame(FrameType.data, channel, bytes), written);
    const header = Buffer.allocUnsafe(HEADER_BYTES);
    writeHeader(header, FrameType.data, channel, bytes.byteLength);
    // Corked, header and payload leave in one writev.
    this.#stream.cork();
    this.#send(header);
    const room = this.#send(bytes, written);
    this.#stream.uncork();
    return room;
  }

  /** Sends a frame that may be shared with other connections. As `write`. */
  writeEncoded(frame: EncodedFrame, written?: (error: HawserError | null) => void): boolean {
    this.#checkSize(frame.byteLength - HEADER_BYTES);
    return this.#send(frame, written);
  }

  /** No more will be sent on this channel; the other direction stays. */
  end(channel: number): void {
    this.#send(encodeFrame(FrameType.end, channel));
  }

  /** The reader of a raw channel has taken so many bytes of it. */
  ack(channel: number, total: number): void {
    const payload = Buffer.allocUnsafe(ACK_BYTES);
    payload.writeBigUInt64BE(BigInt(total));
    this.#send(encodeFrame(FrameType.ack, channel, payload));
  }

  /** A raw channel is let go here. */
  reset(channel: number): void {
    this.#send(encodeFrame(FrameType.reset, channel));
  }

  /** Takes what comes on all channels without a handler of their own; null: such frames break the protocol. */
  setRawHandler(handler: RawHandler | null): void {
    this.#raw = handler;
  }

  /** Takes what comes on a channel; null closes it. */
  setHandler(channel: number, handler: ChannelHandler | null): void {
    if (handler) this.#channels.set(channel, handler);
    else this.#channels.delete(channel);
    this.#flow();
  }

  /** Stops reading, so that the peer's writes stop in turn. */
  pause(): void {
    this.#paused = true;
    this.#stream.pause();
  }

  resume(): void {
    this.#paused = false;
    this.#flow();
  }

  /** Resolves when `write` would return true again, or the connection is closed. */
  drained(): Promise<void> {
    if (!this.#stream.writableNeedDrain || this.#closed !== undefined) return Promise.resolve();
    return new Promise((resolve) => {
      const done = () => {
        this.#stream.off('drain', done);
        this.#onClose.delete(done);
        resolve();
      };
      this.#stream.once('drain', done);
      this.#onClose.add(done);
    });
  }

  /**
   * Calls back once when the connection is closed: null when either end closed it in good order without
   * a reason, else why. Soon after, when it is closed already. Returns how to take it back.
   */
  onClose(callback: (reason: HawserError | null) => void): () => void {
    if (this.#closed !== undefined) {
      const reason = this.#closed;
      queueMicrotask(() => callback(reason));
    } else this.#onClose.add(callback);
    return () => this.#onClose.delete(callback);
  }

  /** Sends what is queued, says goodbye (with a reason, if any), closes. Idempotent. */
  close(reason?: HawserError): void {
    if (this.closed) return;
    this.#closing = true;
    this.#stream.end(goodbyeFrame(reason));
    this.#settle(null);
    this.#linger();
  }

  /** Cuts the connection; what is queued is lost. */
  destroy(): void {
    this.#settle(null);
    this.#stream.destroy();
  }

  /** The peer broke the rules, or must go: it is told why, and so is `onClose`. */
  fail(reason: HawserError): void {
    if (this.#closed !== undefined) return;
    if (this.quiet) this.#stream.destroy();
    else this.#stream.end(goodbyeFrame(reason));
    this.#settle(reason);
    this.#linger();
  }

  #checkSize(bytes: number): void {
    if (bytes > this.#maxSend) throw connectionErrors.frameTooLarge(bytes, this.#maxSend);
  }

  #send(bytes: Uint8Array, written?: (error: HawserError | null) => void): boolean {
    if (this.closed || !this.#stream.writable) {
      const reason = this.#closed ?? connectionErrors.linkLost('it is closed');
      if (written) queueMicrotask(() => written(reason));
      return false;
    }
    if (!written) return this.#stream.write(bytes);
    return this.#stream.write(bytes, (error) => written(error ? linkLostBy(error, false) : null));
  }

  #receive(chunk: Buffer): void {
    // After close: read to the end and drop, or the peer's queue would hold up its own close.
    if (this.closed) return;
    this.#keepAlive?.heard();
    if (this.#opening.length < OPENING_BYTES)
      this.#opening = Buffer.concat([this.#opening, chunk.subarray(0, OPENING_BYTES - this.#opening.length)]);
    this.#decoder.push(chunk);
    this.#flow();
  }

  /** Hands out frames while somebody wants them. */
  #flow(): void {
    if (this.#draining) return;
    this.#draining = true;
    try {
      while (this.#wanted()) {
        const frame = this.#decoder.next();
        if (!frame) {
          this.#stream.resume();
          return;
        }
        this.#dispatch(frame.type, frame.channel, frame.payload);
      }
      if (!this.closed) this.#stream.pause();
    } catch (error) {
      this.fail(toHawserError(error));
    } finally {
      this.#draining = false;
    }
  }

  #wanted(): boolean {
    return !this.#paused && !this.closed && this.#channels.has(0);
  }

  #dispatch(type: FrameType, channel: number, payload: Buffer): void {
    if (type === FrameType.ping) {
      // A peer that sends without reading gets no pongs piled up; whatever else is queued tells it that we live.
      if (!this.#stream.writableNeedDrain) this.#send(encodeFrame(FrameType.pong, 0));
    } else if (type === FrameType.goodbye) this.#finish(readGoodbye(payload));
    else if (type !== FrameType.pong) {
      const handler = this.#channels.get(channel);
      if (!handler) this.#dispatchRaw(type, channel, payload);
      else if (type === FrameType.data) handler.data(payload);
      else if (type === FrameType.end) handler.end?.();
      else throw connectionErrors.protocolViolation(`channel ${channel} is no raw channel`);
    }
  }

  #dispatchRaw(type: FrameType, channel: number, payload: Buffer): void {
    if (!this.#raw) throw connectionErrors.protocolViolation(`channel ${channel} is not open`);
    if (type === FrameType.data) this.#raw.data(channel, payload);
    else if (type === FrameType.end) this.#raw.end(channel);
    else if (type === FrameType.reset) this.#raw.reset(channel);
    // What is beyond a double's precision is beyond what was ever sent.
    else this.#raw.ack(channel, Number(payload.readBigUInt64BE()));
  }

  /** The connection is over by the peer's doing, or nobody's. */
  #finish(reason: HawserError | null): void {
    if (this.#closed !== undefined) return;
    this.#settle(reason);
    if (this.#stream.destroyed) return;
    this.#stream.end();
    this.#linger();
  }

  #settle(reason: HawserError | null): void {
    if (this.#closed !== undefined) return;
    this.#closed = reason;
    this.#keepAlive?.stop();
    const callbacks = [...this.#onClose];
    this.#onClose.clear();
    for (const callback of callbacks) callback(reason);
  }

  #linger(): void {
    this.#stream.resume();
    if (this.#stream.closed) return;
    const timer = setTimeout(() => this.#stream.destroy(), LINGER_MS);
    // The stream itself keeps the program running as long as there is something to wait for.
    timer.unref();
    this.#stream.once('close', () => clearTimeout(timer));
  }
}
