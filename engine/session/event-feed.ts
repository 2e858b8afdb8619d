import { EncodedMessage } from '../../transports/encoded-message.ts';
import type { MessageLink } from '../../transports/message-link.ts';
import type { EventLog, LogSlice } from '../log/event-log.ts';
import type { SessionEvent } from '../protocol/session.ts';

/** Bytes read from the log at once: one frame to the client. The same for all, so that slices are shared. */
const SLICE_BYTES = 128 * 1024;
const WINDOW_MIN = 64 * 1024;
const WINDOW_MAX = 8 * 1024 * 1024;

const HEAD = Buffer.from('{"jsonrpc":"2.0","method":"session/events","params":{"events":[');
const TAIL = Buffer.from(']}}');

/** A slice's message, made once for all the clients that get it. */
const messages = new WeakMap<LogSlice, EncodedMessage>();

function messageOf(slice: LogSlice): EncodedMessage {
  let message = messages.get(slice);
  if (!message) {
    message = EncodedMessage.fromJson(HEAD, slice.json, TAIL);
    messages.set(slice, message);
  }
  return message;
}

/**
 * One client's way through the log: a cursor, and a window of bytes that the client has not yet
 * acknowledged. A client that stops reading stops its own feed and nobody else's.
 */
export class EventFeed {
  readonly #log: EventLog;
  readonly #link: MessageLink;
  /** Sent and not acknowledged: last number and size of each message. */
  #sent: { readonly last: number; readonly bytes: number }[] = [];
  #unacked = 0;
  #window = 0;
  #cursor: number;
  #pumping: Promise<void> | null = null;
  /** Asked to pump while pumping: the end of the log may have been read before the asking. */
  #again = false;
  #closed = false;

  constructor(log: EventLog, link: MessageLink, after: number, window: number) {
    this.#log = log;
    this.#link = link;
    this.#cursor = after;
    this.#window = Math.min(Math.max(window, WINDOW_MIN), WINDOW_MAX);
  }

  /** Number of the last event sent. */
  get cursor(): number {
    return this.#cursor;
  }

  ack(seq: number): void {
    let done = 0;
    for (const message of this.#sent) {
      if (message.last > seq) break;
      this.#unacked -= message.bytes;
      done++;
    }
    if (done > 0) this.#sent.splice(0, done);
    this.pump();
  }

  /** Sends what there is, as far as the window and the link allow. Cheap when there is nothing. */
  pump(): void {
    if (this.#closed) return;
    if (this.#pumping) {
      this.#again = true;
      return;
    }
    this.#again = false;
    this.#pumping = this.#run().finally(() => {
      this.#pumping = null;
      if (this.#again) this.pump();
    });
  }

  /** Everything sent, or no more can be. */
  async flushed(): Promise<void> {
    while (this.#pumping) await this.#pumping;
  }

  close(): void {
    this.#closed = true;
  }

  async #run(): Promise<void> {
    while (!this.#closed && this.#unacked < this.#window) {
      if (this.#link.pendingBytes > WINDOW_MAX) await this.#link.drained();
      const slice = await this.#log.read(this.#cursor, SLICE_BYTES);
      if (!slice || this.#closed) return;
      if (slice.kind === 'gap') this.#sendGap(slice.from, slice.to);
      else this.#send(messageOf(slice), slice.last, slice.json.byteLength);
    }
  }

  /** The numbers stay without gaps for the client: the event stands for all that are gone. */
  #sendGap(from: number, to: number): void {
    const event: SessionEvent = { type: 'dropped', from, to };
    const json = JSON.stringify({ seq: to, time: Date.now(), event });
    const bytes = Buffer.from(json);
    this.#send(EncodedMessage.fromJson(HEAD, bytes, TAIL), to, bytes.byteLength);
  }

  #send(message: EncodedMessage, last: number, bytes: number): void {
    this.#cursor = last;
    this.#sent.push({ last, bytes });
    this.#unacked += bytes;
    this.#link.sendEncoded(message);
  }
}
