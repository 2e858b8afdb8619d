import { Duplex } from 'node:stream';
import { connectionErrors } from '../errors/connection-errors.ts';
import type { HawserError } from '../errors/error.ts';
import type { ChannelOptions } from './byte-channels.ts';
import { ByteQueue } from './byte-queue.ts';
import type { LinkPace, Pacer } from './pace.ts';

/** A frame's share of a channel: others, and channel 0, come between. */
const MAX_PIECE = 64 * 1024;

/** Where frames go; null while there is no connection. */
export interface FrameSink {
  readonly maxSend: number;
  readonly closed: boolean;
  write(channel: number, bytes: Uint8Array): boolean;
  end(channel: number): void;
  ack(channel: number, total: number): void;
  reset(channel: number): void;
}

export interface ChannelHost {
  readonly window: number;
  /** Where small frames go at once. */
  readonly sink: FrameSink | null;
  /** Of the connection that there is. */
  readonly pace: LinkPace;
  /** The channel has something to send. */
  ready(channel: Channel): void;
  /** It is over: nothing of it is kept. */
  forget(channel: Channel): void;
}

type Done = (error?: Error | null) => void;

/**
 * One channel: what was sent and is not acknowledged, what came and is not read, and the stream over both.
 *
 * Places are counted in bytes from the channel's beginning; its end counts as one more, so that it is acknowledged too.
 */
export class Channel {
  readonly id: number;
  readonly stream: Duplex;
  readonly paced: boolean;
  readonly #host: ChannelHost;
  readonly #prompt: boolean;
  #lastPacer: Pacer | null = null;
  #acknowledging = false;
  /** From what the other end has not had, to what was written last. */
  readonly #out = new ByteQueue();
  #sent = 0;
  #acked = 0;
  #ending = false;
  #endSent = false;
  #endAcked = false;
  #waiting: { readonly bytes: Uint8Array; readonly done: Done } | null = null;
  readonly #in = new ByteQueue();
  /** What the stream has taken. */
  #consumed = 0;
  #received = 0;
  #ackSent = 0;
  #theirEnd = false;
  #endTaken = false;
  #wanted = false;
  #gone = false;

  constructor(id: number, host: ChannelHost, { paced = false, prompt = false }: ChannelOptions = {}) {
    this.id = id;
    this.#host = host;
    this.paced = paced;
    this.#prompt = prompt;
    this.stream = new Duplex({
      read: () => this.#read(),
      write: (bytes: Uint8Array, _encoding, done) => this.#write(bytes, done),
      final: (done) => this.#final(done),
      destroy: (error, done) => this.#destroy(error, done),
    });
    // As transports do with their sockets: an error that nobody listens to ends no program.
    this.stream.on('error', () => undefined);
  }

  get received(): number {
    return this.#received + (this.#theirEnd ? 1 : 0);
  }

  /** Sends one frame, if there is something to send. `more`: and more that may be sent now. */
  send(sink: FrameSink): { readonly more: boolean; readonly room: boolean } {
    let room = true;
    const pacer = this.#pacer;
    const most = Math.min(MAX_PIECE, sink.maxSend, pacer?.room ?? MAX_PIECE);
    if (this.#sent < this.#out.end && most > 0) {
      const piece = this.#out.at(this.#sent, most);
      this.#sent += piece.length;
      pacer?.sent(this.#sent, piece.length);
      room = sink.write(this.id, piece);
    }
    const more = this.#sent < this.#out.end;
    if (!more && this.#ending && !this.#endSent) {
      this.#endSent = true;
      sink.end(this.id);
    }
    return { more: more && pacer?.room !== 0, room };
  }

  get #pacer(): Pacer | null {
    const { pace } = this.#host;
    if (this.paced && !this.#gone && this.#lastPacer?.link !== pace) this.#lastPacer = pace.begin();
    return this.#lastPacer;
  }

  /** Bytes from the other end. @throws HawserError `PROTOCOL_VIOLATION` */
  data(bytes: Buffer): void {
    if (this.#theirEnd) throw violation(this.id, 'goes on after its end');
    if (this.#received + bytes.length > this.#ackSent + this.#host.window)
      throw violation(this.id, `has more than ${this.#host.window} bytes under way`);
    this.#received += bytes.length;
    if (this.#wanted && this.#in.length === 0 && bytes.length > 0) this.#push(bytes);
    else {
      this.#in.append(bytes);
      this.#pushWaiting();
    }
    this.#acknowledge();
  }

  end(): void {
    if (this.#theirEnd) throw violation(this.id, 'ends twice');
    this.#theirEnd = true;
    this.#pushWaiting();
    this.#acknowledge();
  }

  /** The other end's reader has taken so much. */
  ack(total: number): void {
    if (total > this.#out.end + (this.#endSent ? 1 : 0))
      throw violation(this.id, 'acknowledges what was not sent');
    if (total <= this.#acked) return;
    this.#acked = total;
    this.#endAcked = total > this.#out.end;
    this.#out.release(total);
    this.#pacer?.acked(total);
    this.#takeWaiting();
    this.#host.ready(this);
    this.#forgetWhenDone();
  }

  /** The other end has let the channel go. */
  reset(): void {
    this.#leave();
    // What was all said may still be read.
    if (!this.#isSaid()) this.stream.destroy();
  }

  /** A new connection: goes on after what the other end has had of it. */
  resume(received: number): void {
    if (received < this.#out.start || received > this.#out.end + (this.#ending ? 1 : 0))
      throw violation(this.id, 'cannot go on from there');
    this.#sent = Math.min(received, this.#out.end);
    this.#out.release(this.#sent);
    this.#endSent = received > this.#out.end;
    // The last acknowledgement may have been lost.
    if (this.#consumed > 0 || this.#endTaken) this.#sendAck();
    this.#host.ready(this);
  }

  /** The other end does not know it any more, or there is no other end. */
  close(reason: HawserError | null): void {
    this.#leave();
    if (reason) this.stream.destroy(reason);
    else {
      this.#theirEnd = true;
      this.#pushWaiting();
      this.#takeWaiting();
    }
  }

  #write(bytes: Uint8Array, done: Done): void {
    this.#waiting = { bytes, done };
    this.#takeWaiting();
    this.#host.ready(this);
  }

  /** Takes of a write as much as there is room for; of a channel that is over, all, for nobody. */
  #takeWaiting(): void {
    if (!this.#waiting) return;
    const { bytes, done } = this.#waiting;
    const room = this.#gone ? bytes.length : this.#acked + this.#host.window - this.#out.end;
    if (!this.#gone) this.#out.append(bytes.subarray(0, room));
    this.#waiting = bytes.length > room ? { bytes: bytes.subarray(room), done } : null;
    if (!this.#waiting) done();
  }

  #final(done: Done): void {
    this.#ending = true;
    this.#host.ready(this);
    done();
  }

  #destroy(error: Error | null, done: Done): void {
    if (!this.#gone && !this.#isSaid()) {
      this.#leave();
      this.#host.sink?.reset(this.id);
    }
    this.#in.release(this.#in.end);
    const waiting = this.#waiting;
    this.#waiting = null;
    waiting?.done(error ?? connectionErrors.linkLost('the channel was closed'));
    done(error);
  }

  #read(): void {
    this.#wanted = true;
    this.#pushWaiting();
    this.#acknowledge();
  }

  #pushWaiting(): void {
    while (this.#wanted && this.#in.length > 0) {
      const bytes = this.#in.at(this.#in.start, MAX_PIECE);
      this.#in.release(this.#in.start + bytes.length);
      this.#push(bytes);
    }
    if (this.#theirEnd && this.#in.length === 0 && !this.#endTaken) {
      this.#endTaken = true;
      if (!this.stream.destroyed) this.stream.push(null);
    }
  }

  #push(bytes: Buffer): void {
    // `push` may call `read` before it returns, which then wants more.
    this.#wanted = false;
    this.#consumed += bytes.length;
    if (this.stream.push(bytes)) this.#wanted = true;
  }

  /** Not for every piece: a quarter of the window is early enough for a sender that wants to go on without a pause. */
  #acknowledge(): void {
    const due = this.#consumed - this.#ackSent >= this.#host.window / 4;
    if (this.#prompt && !due) this.#acknowledgeSoon();
    if (due || (this.#endTaken && this.#ackSent <= this.#consumed)) this.#sendAck();
  }

  /** Once for all that comes in one turn. */
  #acknowledgeSoon(): void {
    if (this.#acknowledging || this.#consumed === this.#ackSent) return;
    this.#acknowledging = true;
    setImmediate(() => {
      this.#acknowledging = false;
      if (this.#consumed > this.#ackSent) this.#sendAck();
    });
  }

  #sendAck(): void {
    const { sink } = this.#host;
    if (this.#gone || !sink) return;
    const total = this.#consumed + (this.#endTaken ? 1 : 0);
    this.#ackSent = total;
    sink.ack(this.id, total);
    this.#forgetWhenDone();
  }

  /** Both directions have ended, and all of them has been taken from this stream or for sending. */
  #isSaid(): boolean {
    return this.#ending && this.#endTaken;
  }

  #forgetWhenDone(): void {
    if (this.#endTaken && this.#endAcked) this.#leave();
  }

  #leave(): void {
    this.#gone = true;
    this.#lastPacer?.end();
    this.#host.forget(this);
  }
}

const violation = (id: number, what: string) => connectionErrors.protocolViolation(`channel ${id} ${what}`);
