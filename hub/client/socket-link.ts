import {
  AbstractMessageReader,
  AbstractMessageWriter,
  type DataCallback,
  type Disposable,
  type Message,
} from 'vscode-jsonrpc/node';
import type { WebSocket } from 'ws';
import { connectionErrors } from '../../transports/errors/connection-errors.ts';
import type { HawserError } from '../../transports/errors/error.ts';
import type { MessageLink } from '../../transports/message-link.ts';

/** Bytes handed to a socket and not taken by the system, above which `drained` waits. */
const HIGH_WATER = 1 << 20;
/** How often a full socket is looked at: `ws` does not say when it has emptied. */
const DRAIN_EVERY_MS = 20;
/** Milliseconds between pings; a link that has not answered the last one by the next is lost. */
const PING_EVERY_MS = 15_000;

/**
 * JSON-RPC over a WebSocket that is open, one message in one text message; for either end of it. The link owns the socket
 * and finds out by itself when the other end is gone without a word.
 */
export function socketLink(socket: WebSocket, pingEvery = PING_EVERY_MS): MessageLink {
  return new SocketLink(socket, pingEvery);
}

class SocketLink implements MessageLink {
  readonly reader = new Reader();
  readonly writer: Writer;
  readonly ended: Promise<void>;
  readonly #socket: WebSocket;
  readonly #listeners = new Set<(reason: HawserError | null) => void>();
  readonly #pings: NodeJS.Timeout;
  #closed: { readonly reason: HawserError | null } | null = null;
  #answered = true;

  constructor(socket: WebSocket, pingEvery: number) {
    this.#socket = socket;
    this.writer = new Writer((message) => this.#send(JSON.stringify(message)));
    this.ended = new Promise((resolve) => socket.once('close', () => resolve()));
    socket.on('message', (data, binary) => this.#take(String(data), binary));
    socket.on('pong', () => {
      this.#answered = true;
    });
    socket.on('error', (error) => this.#settle(connectionErrors.linkLost(error.message, error)));
    socket.on('close', (code, reason) => this.#settle(closeReason(code, String(reason))));
    this.#pings = setInterval(() => this.#ping(), pingEvery);
    this.#pings.unref();
  }

  get pendingBytes(): number {
    return this.#socket.bufferedAmount;
  }

  sendEncoded({ message }: Parameters<MessageLink['sendEncoded']>[0]): void {
    void this.#send(JSON.stringify(message)).catch(() => undefined);
  }

  async drained(): Promise<void> {
    while (!this.#closed && this.#socket.bufferedAmount > HIGH_WATER)
      await new Promise((again) => setTimeout(again, DRAIN_EVERY_MS));
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  onClose(callback: (reason: HawserError | null) => void): Disposable {
    const closed = this.#closed;
    if (closed) queueMicrotask(() => callback(closed.reason));
    else this.#listeners.add(callback);
    return { dispose: () => this.#listeners.delete(callback) };
  }

  close(reason?: HawserError): void {
    // The close frame has room for 123 bytes.
    this.#socket.close(reason ? 4000 : 1000, reason?.code.slice(0, 100) ?? '');
    this.#settle(null);
  }

  destroy(): void {
    this.#socket.terminate();
    this.#settle(null);
  }

  #ping(): void {
    if (!this.#answered) {
      this.#socket.terminate();
      this.#settle(connectionErrors.linkLost('the other end does not answer any more'));
    } else if (this.#socket.readyState === this.#socket.OPEN) {
      this.#answered = false;
      this.#socket.ping();
    }
  }

  #take(text: string, binary: boolean): void {
    this.#answered = true;
    if (this.#closed) return;
    const message = binary ? null : parse(text);
    if (message) this.reader.deliver(message);
    else {
      this.#socket.close(1003);
      this.#settle(connectionErrors.protocolViolation('a message is not JSON-RPC'));
    }
  }

  #send(text: string): Promise<void> {
    if (this.#closed) return Promise.reject(this.#closed.reason ?? connectionErrors.linkLost('it is closed'));
    return new Promise((resolve, reject) => {
      this.#socket.send(text, (error) =>
        error ? reject(connectionErrors.linkLost(error.message, error)) : resolve(),
      );
    });
  }

  #settle(reason: HawserError | null): void {
    if (this.#closed) return;
    this.#closed = { reason };
    clearInterval(this.#pings);
    if (reason) this.reader.failed(reason);
    this.reader.closed();
    this.writer.closed();
    for (const listener of this.#listeners) listener(reason);
    this.#listeners.clear();
  }
}

function closeReason(code: number, reason: string): HawserError | null {
  if (code === 1000) return null;
  if (code === 1006 || code === 1005) return connectionErrors.linkLost('the connection was cut');
  if (code === 1001) return connectionErrors.linkLost('the other end has stopped');
  return connectionErrors.linkLost(`the other end closed it (${reason || code})`);
}

function parse(text: string): Message | null {
  try {
    const value: unknown = JSON.parse(text);
    const isMessage =
      typeof value === 'object' && value !== null && 'jsonrpc' in value && value.jsonrpc === '2.0';
    return isMessage ? (value as Message) : null;
  } catch {
    return null;
  }
}

class Reader extends AbstractMessageReader {
  #callback: DataCallback | null = null;
  #early: Message[] = [];

  listen(callback: DataCallback): Disposable {
    this.#callback = callback;
    const early = this.#early;
    this.#early = [];
    for (const message of early) callback(message);
    return { dispose: () => undefined };
  }

  deliver(message: Message): void {
    if (this.#callback) this.#callback(message);
    else this.#early.push(message);
  }

  failed(error: HawserError): void {
    this.fireError(error);
  }

  closed(): void {
    this.fireClose();
  }
}

class Writer extends AbstractMessageWriter {
  readonly #send: (message: Message) => Promise<void>;

  constructor(send: (message: Message) => Promise<void>) {
    super();
    this.#send = send;
  }

  async write(message: Message): Promise<void> {
    try {
      await this.#send(message);
    } catch (error) {
      this.fireError(error as HawserError, message);
      throw error;
    }
  }

  end(): void {}

  closed(): void {
    this.fireClose();
  }
}
