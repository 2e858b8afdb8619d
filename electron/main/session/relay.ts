import type { Message } from 'vscode-jsonrpc/node';
import type {
  AttachResult,
  EventsParams,
  ExecuteResult,
  SessionMethod,
  SessionRequests,
} from '../../../engine/protocol/session.ts';
import { HawserError, isWireError } from '../../../transports/errors/error.ts';
import { connectionErrors } from '../../../transports/errors/index.ts';
import type { MessageLink } from '../../../transports/message-link.ts';
import { type IncomingMessage, type PageMessage, readPageMessage } from './messages.ts';
import { afterAttach, afterEvent, noFacts, type SessionFacts } from './watch.ts';

/** What the relay needs of a MessagePortMain. */
export interface PagePort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  start(): void;
  close(): void;
}

export interface RelayObserver {
  facts(facts: SessionFacts): void;
  /** The session told us that we should leave (`.remote_exit`). */
  leave(): void;
  /** Once. */
  closed(reason: HawserError | null): void;
  warn(message: string): void;
}

/** How long a session that has told its end may take to close the link, ms. */
const END_PATIENCE_MS = 5000;
/** How long it may take to let us go, ms. */
const LEAVE_PATIENCE_MS = 1000;

interface OwnRequest {
  resolve(value: unknown): void;
  reject(error: HawserError): void;
}

/**
 * Passes messages between a session's link and the page's port, one object for one message: nothing is
 * decoded and encoded again, and what bounds the flow is the protocol's own acknowledgement, end to end.
 * Ids are rewritten, so that the page's, an earlier page's and our own requests never meet.
 */
export class SessionRelay {
  readonly #link: MessageLink;
  readonly #observer: RelayObserver;
  readonly #own = new Map<string, OwnRequest>();
  /** Methods of the page's requests whose answers are looked at on their way. */
  readonly #watched = new Map<string, SessionMethod>();
  #port: PagePort | null = null;
  #generation = 0;
  #ownId = 0;
  #facts: SessionFacts = noFacts;
  /** Number of the newest event that the facts have in them; what is replayed up to it says nothing new. */
  #known = 0;
  #closed: { readonly reason: HawserError | null } | null = null;

  constructor(link: MessageLink, observer: RelayObserver) {
    this.#link = link;
    this.#observer = observer;
    link.onClose((reason) => this.#close(reason));
    // Without a listener these count as uncaught; onClose tells of them.
    link.reader.onError(() => undefined);
    link.writer.onError(() => undefined);
    link.reader.listen((message) => this.#fromSession(message as IncomingMessage));
  }

  get facts(): SessionFacts {
    return this.#facts;
  }

  get closed(): { readonly reason: HawserError | null } | null {
    return this.#closed;
  }

  /** The page's end from now on; an earlier one is closed. */
  attachPort(port: PagePort): void {
    this.#port?.close();
    this.#port = port;
    const generation = ++this.#generation;
    port.on('message', ({ data }) => {
      if (generation === this.#generation) this.#fromPage(data);
    });
    port.on('close', () => {
      if (this.#port === port) this.#port = null;
    });
    port.start();
  }

  /** A request of the main process itself. */
  request<M extends SessionMethod>(
    method: M,
    params: SessionRequests[M]['params'],
  ): Promise<SessionRequests[M]['result']> {
    if (this.#closed) return Promise.reject(connectionErrors.linkLost('it is closed'));
    const id = `m${++this.#ownId}`;
    return new Promise((resolve, reject) => {
      this.#own.set(id, { resolve: resolve as (value: unknown) => void, reject });
      this.#send({ jsonrpc: '2.0', id, method, params });
    });
  }

  close(): void {
    this.#link.close();
    this.#close(null);
  }

  /** Leaves the session in good order, if it answers soon, and closes. */
  async leave(): Promise<void> {
    const patience = new Promise<void>((done) => setTimeout(done, LEAVE_PATIENCE_MS));
    await Promise.race([this.request('session/leave', {}).catch(() => undefined), patience]);
    this.close();
  }

  #fromPage(data: unknown): void {
    const message = readPageMessage(data);
    if (!message) {
      this.#observer.warn('dropped a message of the page to the session that is none');
      return;
    }
    this.#send(this.#outward(message));
  }

  #outward(message: PageMessage): Message & Record<string, unknown> {
    if (message.method === '$/cancelRequest') {
      return { ...message, params: { id: this.#pageId(message.params.id) } };
    }
    if (!('id' in message)) return message;
    const id = this.#pageId(message.id);
    if (message.method === 'session/attach' || message.method === 'session/execute') {
      this.#watched.set(id, message.method);
    }
    return { ...message, id };
  }

  #pageId(id: number): string {
    return `p${this.#generation}:${id}`;
  }

  #fromSession(message: IncomingMessage): void {
    if (message.method === undefined) this.#answer(message);
    else if (message.id === undefined) this.#notification(message);
    else this.#refuse(message.id);
  }

  #notification(message: IncomingMessage): void {
    this.#port?.postMessage(message);
    if (message.method !== 'session/events') return;
    let facts = this.#facts;
    for (const { seq, event } of (message.params as EventsParams).events) {
      if (seq <= this.#known) continue;
      this.#known = seq;
      facts = afterEvent(facts, event);
    }
    this.#setFacts(facts);
  }

  #answer(message: IncomingMessage): void {
    const id = String(message.id);
    const own = this.#own.get(id);
    if (own) {
      this.#own.delete(id);
      if (message.error) own.reject(errorOf(message.error));
      else own.resolve(message.result);
      return;
    }
    const [generation, pageId] = id.slice(1).split(':');
    if (Number(generation) === this.#generation) this.#port?.postMessage({ ...message, id: Number(pageId) });
    this.#look(id, message);
  }

  #look(id: string, message: IncomingMessage): void {
    const method = this.#watched.get(id);
    this.#watched.delete(id);
    if (message.error || method === undefined) return;
    if (method === 'session/attach') this.#attached(message.result as AttachResult);
    else if ((message.result as ExecuteResult).leave) this.#observer.leave();
  }

  #attached(result: AttachResult): void {
    // Events that happened after the answer was made may have come before it.
    const newer = this.#known > result.head && this.#facts.target !== null;
    const { target, clients } = this.#facts;
    const facts = afterAttach(this.#facts, result);
    this.#known = Math.max(this.#known, result.head);
    this.#setFacts(newer ? { ...facts, target, clients } : facts);
  }

  #refuse(id: IncomingMessage['id']): void {
    const error = { code: -32601, message: 'A client answers no requests.' };
    this.#send({ jsonrpc: '2.0', id, error });
  }

  #setFacts(facts: SessionFacts): void {
    if (facts === this.#facts) return;
    this.#facts = facts;
    if (facts.ended) setTimeout(() => this.close(), END_PATIENCE_MS).unref();
    this.#observer.facts(facts);
  }

  #send(message: Message & Record<string, unknown>): void {
    // A link that is closed says so by onClose; a write that fails after that has nothing to add.
    this.#link.writer.write(message).catch(() => undefined);
  }

  #close(reason: HawserError | null): void {
    if (this.#closed) return;
    this.#closed = { reason };
    const error = reason ?? connectionErrors.linkLost('it was closed before the answer came');
    for (const { reject } of this.#own.values()) reject(error);
    this.#own.clear();
    this.#port?.close();
    this.#port = null;
    this.#observer.closed(reason);
  }
}

function errorOf(error: NonNullable<IncomingMessage['error']>): HawserError {
  if (isWireError(error.data)) return HawserError.fromWire(error.data);
  return connectionErrors.protocolViolation(error.message);
}
