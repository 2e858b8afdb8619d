import {
  AbstractMessageReader,
  AbstractMessageWriter,
  type DataCallback,
  type Disposable,
  type Message,
} from 'vscode-jsonrpc/node';
import { connectionErrors } from './errors/connection-errors.ts';
import type { HawserError } from './errors/error.ts';
import type { MessageLink } from './message-link.ts';

/**
 * Two ends of a link in memory. Messages arrive in order, asynchronously, and as the very objects that
 * were sent: neither side may change them. `pendingBytes` counts messages here.
 */
export function memoryMessagePair(): [MessageLink, MessageLink] {
  const a = new MemoryEnd();
  const b = new MemoryEnd();
  a.connect(b);
  b.connect(a);
  return [a.link, b.link];
}

/** `pendingBytes` (messages) above which `drained` waits. */
const HIGH_WATER = 256;

interface Waiting {
  readonly message: Message;
  readonly taken?: (error: HawserError | null) => void;
}

class MemoryEnd {
  readonly reader = new MemoryReader(() => this.#schedule());
  readonly writer = new MemoryWriter(this);
  /** What came for this end and was not read yet. */
  #inbox: Waiting[] = [];
  #scheduled = false;
  #paused = false;
  #other: MemoryEnd | null = null;
  #closed: { readonly reason: HawserError | null } | null = null;
  /** The other end has closed; told when the inbox is empty. */
  #closing: { readonly reason: HawserError | null } | null = null;
  readonly #onClose = new Set<(reason: HawserError | null) => void>();
  #drainWaiters: (() => void)[] = [];
  readonly ended: Promise<void>;
  #ended: () => void = () => {};

  constructor() {
    this.ended = new Promise((resolve) => {
      this.#ended = resolve;
    });
  }

  connect(other: MemoryEnd): void {
    this.#other = other;
  }

  get link(): MessageLink {
    const pending = () => this.#other?.waiting ?? 0;
    return {
      reader: this.reader,
      writer: this.writer,
      sendEncoded: (message) => this.send(message.message),
      get pendingBytes() {
        return pending();
      },
      drained: () => this.#other?.whenDrained() ?? Promise.resolve(),
      pause: () => {
        this.#paused = true;
      },
      resume: () => {
        this.#paused = false;
        this.#schedule();
      },
      onClose: (callback) => this.#addOnClose(callback),
      close: (reason) => this.close(reason ?? null, true),
      ended: this.ended,
      destroy: () => this.close(null, false),
    };
  }

  get waiting(): number {
    return this.#inbox.length;
  }

  send(message: Message, taken?: (error: HawserError | null) => void): void {
    if (this.#closed || !this.#other) {
      const error = this.#closed?.reason ?? connectionErrors.linkLost('it is closed');
      if (taken) queueMicrotask(() => taken(error));
    } else this.#other.#accept(taken ? { message, taken } : { message });
  }

  /** `deliver`: whether what was sent before still arrives. */
  close(reason: HawserError | null, deliver: boolean): void {
    if (this.#closed) return;
    const other = this.#other;
    this.settle(null);
    if (!other) return;
    if (!deliver) other.#dropInbox();
    other.#closing ??= {
      reason: deliver ? reason : connectionErrors.linkLost('the other end was destroyed'),
    };
    other.#schedule();
  }

  settle(reason: HawserError | null): void {
    if (this.#closed) return;
    this.#closed = { reason };
    this.#dropInbox();
    this.#ended();
    if (reason) this.reader.error(reason);
    this.reader.closed();
    this.writer.closed();
    const callbacks = [...this.#onClose];
    this.#onClose.clear();
    for (const callback of callbacks) callback(reason);
  }

  whenDrained(): Promise<void> {
    if (this.#inbox.length <= HIGH_WATER || this.#closed) return Promise.resolve();
    return new Promise((resolve) => this.#drainWaiters.push(resolve));
  }

  #accept(waiting: Waiting): void {
    this.#inbox.push(waiting);
    this.#schedule();
  }

  /** A turn of the event loop for each batch: two ends that answer each other never starve sockets and timers. */
  #schedule(): void {
    if (this.#scheduled || this.#closed || this.#paused) return;
    if (this.#inbox.length > 0 ? !this.reader.listening : !this.#closing) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#deliver();
    });
  }

  #deliver(): void {
    const batch = this.#inbox;
    this.#inbox = [];
    for (const [index, { message, taken }] of batch.entries()) {
      if (this.#closed) {
        this.#drop(batch.slice(index));
        break;
      }
      if (this.#paused) {
        this.#inbox.unshift(...batch.slice(index));
        break;
      }
      taken?.(null);
      this.reader.deliver(message);
    }
    if (this.#inbox.length <= HIGH_WATER) this.#wakeDrained();
    if (this.#inbox.length === 0 && this.#closing) this.settle(this.#closing.reason);
    this.#schedule();
  }

  #dropInbox(): void {
    const batch = this.#inbox;
    this.#inbox = [];
    this.#drop(batch);
    this.#wakeDrained();
  }

  #drop(batch: readonly Waiting[]): void {
    for (const { taken } of batch) taken?.(connectionErrors.linkLost('it is closed'));
  }

  #wakeDrained(): void {
    const waiters = this.#drainWaiters;
    this.#drainWaiters = [];
    for (const wake of waiters) wake();
  }

  #addOnClose(callback: (reason: HawserError | null) => void): Disposable {
    const closed = this.#closed;
    if (closed) queueMicrotask(() => callback(closed.reason));
    else this.#onClose.add(callback);
    return { dispose: () => void this.#onClose.delete(callback) };
  }
}

class MemoryReader extends AbstractMessageReader {
  readonly #onListen: () => void;
  #callback: DataCallback | null = null;

  constructor(onListen: () => void) {
    super();
    this.#onListen = onListen;
  }

  get listening(): boolean {
    return this.#callback !== null;
  }

  override listen(callback: DataCallback): Disposable {
    this.#callback = callback;
    this.#onListen();
    return {
      dispose: () => {
        this.#callback = null;
      },
    };
  }

  deliver(message: Message): void {
    this.#callback?.(message);
  }

  error(error: HawserError): void {
    this.fireError(error);
  }

  closed(): void {
    this.fireClose();
  }
}

class MemoryWriter extends AbstractMessageWriter {
  readonly #end: MemoryEnd;

  constructor(end: MemoryEnd) {
    super();
    this.#end = end;
  }

  write(message: Message): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#end.send(message, (error) => (error ? reject(error) : resolve()));
    });
  }

  end(): void {
    this.#end.close(null, true);
  }

  closed(): void {
    this.fireClose();
  }
}
