import type { Message } from 'vscode-jsonrpc/node';
import { connectionErrors } from '../../transports/errors/connection-errors.ts';
import { type HawserError, toHawserError } from '../../transports/errors/error.ts';
import { memoryMessagePair } from '../../transports/memory-link.ts';
import type { MessageLink } from '../../transports/message-link.ts';
import type { AttachParams, AttachResult, EventsParams, SessionMethod } from '../protocol/session.ts';
import { toResponseError } from '../rpc/errors.ts';
import { gone, mayComeBack, RetryPlan } from './retry.ts';

/** Messages for a front that has not taken them, above which no more are read. */
const MOST_HELD = 512;

/** How the link stands, for a front to show. */
export type LinkStatus =
  | { readonly state: 'up'; readonly resumed: boolean }
  | {
      readonly state: 'lost';
      /** Why it was lost, then why the last attempt failed. */
      readonly error: HawserError;
      /** Milliseconds until the next attempt; 0: it is under way. */
      readonly retryIn: number;
    };

export interface ResumerOptions {
  /** Makes a link anew; the token is for its hello. */
  readonly connect: (resume: string, signal: AbortSignal) => Promise<MessageLink>;
  readonly status: (status: LinkStatus) => void;
  /** How long to go on trying, milliseconds: the server's resume window by default. */
  readonly patience?: number;
}

type Wire = Message & {
  readonly id?: number | string | null;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: unknown;
};

const PATIENCE = 5 * 60_000;
const OWN_ATTACH = 'resume';

/** Asked again they do no harm. Commands are the session's to tell apart, by their `commandId`. */
const REPEATABLE: ReadonlySet<string> = new Set([
  'session/attach',
  'session/execute',
  'session/breakIn',
  'session/complete',
  'session/views',
  'session/clients',
  'session/servers',
  'session/ping',
] satisfies SessionMethod[]);

/**
 * A link that outlives the connections it goes over. When one is lost it makes another, goes on after the last event that came, and
 * asks again what was not answered: the front notices nothing but a pause. It owns the connections; the front owns `link`.
 */
export class Resumer {
  /** The front's end. */
  readonly link: MessageLink;
  #holding = false;
  readonly #inner: MessageLink;
  readonly #options: ResumerOptions;
  /** Requests that wait for their answers, in order. */
  readonly #pending = new Map<number | string, Wire>();
  #real: MessageLink;
  #up = true;
  #closed = false;
  /** Ends the pause before the next attempt, or the attempt itself. */
  #attempt = new AbortController();
  #wake: () => void = () => undefined;
  #attached: AttachResult | null = null;
  /** The front's attach that is under way. */
  #attaching: AttachParams | null = null;
  #window = 1 << 20;
  #seen = 0;

  constructor(first: MessageLink, options: ResumerOptions) {
    [this.link, this.#inner] = memoryMessagePair();
    this.#options = options;
    this.#real = first;
    this.#use(first);
    this.#inner.onClose(() => this.#frontClosed());
    this.#inner.reader.listen((message) => this.#fromFront(message as Wire));
  }

  /** Tries at once instead of waiting. */
  retryNow(): void {
    this.#wake();
  }

  /** No more attempts: the link is lost for good. */
  giveUp(): void {
    if (this.#up) return;
    this.#attempt.abort(connectionErrors.cancelled());
    this.#wake();
  }

  /** Resolves when the connection below is closed too: what a program waits for before it exits. */
  ended(): Promise<void> {
    return this.#real.ended;
  }

  #use(link: MessageLink): void {
    this.#real = link;
    link.onClose((reason) => {
      if (this.#real === link) this.#lost(reason);
    });
    link.reader.onError(() => undefined);
    link.writer.onError(() => undefined);
    link.reader.listen((message) => {
      if (this.#real === link) this.#fromSession(message as Wire);
    });
  }

  #fromFront(message: Wire): void {
    const { id, method } = message;
    if (method !== undefined && id !== undefined && id !== null) {
      if (!this.#up && !REPEATABLE.has(method)) {
        this.#refuse(id);
        return;
      }
      if (method === 'session/attach') this.#attaching = message.params as AttachParams;
      this.#pending.set(id, message);
    }
    if (this.#up) this.#write(message);
  }

  #fromSession(message: Wire): void {
    const { id, method } = message;
    if (method === 'session/events') {
      this.#sawEvents((message.params as EventsParams).events);
    } else if (method === undefined && id !== undefined && id !== null) {
      const asked = this.#pending.get(id);
      this.#pending.delete(id);
      if (asked?.method === 'session/attach' && !message.error) {
        this.#attached = message.result as AttachResult;
        this.#beginAt((asked.params as AttachParams).after);
      }
    }
    this.#deliver(message);
    if (this.#inner.pendingBytes > MOST_HELD) void this.#holdUp();
  }

  /** The front takes its time: so the session has to. */
  async #holdUp(): Promise<void> {
    if (this.#holding) return;
    this.#holding = true;
    const real = this.#real;
    real?.pause?.();
    await this.#inner.drained();
    this.#holding = false;
    real?.resume?.();
  }

  /** Events of an earlier attach may still be under way when the front attaches anew, as a reloaded page does. */
  #sawEvents(events: EventsParams['events']): void {
    const [first] = events;
    if (this.#attaching && first?.seq === this.#attaching.after + 1) this.#beginAt(this.#attaching.after);
    if (!this.#attaching) this.#seen = events.at(-1)?.seq ?? this.#seen;
  }

  #beginAt(after: number): void {
    if (!this.#attaching) return;
    this.#window = this.#attaching.window;
    this.#attaching = null;
    this.#seen = after;
  }

  #lost(reason: HawserError | null): void {
    this.#up = false;
    if (this.#closed) return;
    if (!reason || !this.#attached || !mayComeBack(reason)) {
      this.#finish(reason);
      return;
    }
    for (const [id, { method }] of this.#pending) {
      if (method !== undefined && !REPEATABLE.has(method)) {
        this.#pending.delete(id);
        this.#refuse(id);
      }
    }
    void this.#recover(this.#attached, reason);
  }

  async #recover(attached: AttachResult, lost: HawserError): Promise<void> {
    const plan = new RetryPlan(this.#options.patience ?? PATIENCE);
    this.#attempt = new AbortController();
    const { signal } = this.#attempt;
    let failure = lost;
    for (;;) {
      const pause = plan.next(failure);
      if (pause === null || signal.aborted)
        return this.#finish(failure === lost ? lost : gone(lost, failure));
      this.#options.status({ state: 'lost', error: failure, retryIn: pause });
      await this.#sleep(pause);
      if (this.#closed) return;
      if (signal.aborted) return this.#finish(lost);
      this.#options.status({ state: 'lost', error: failure, retryIn: 0 });
      try {
        return await this.#resume(attached, await this.#options.connect(attached.resumeToken, signal));
      } catch (error) {
        if (this.#closed) return;
        failure = toHawserError(error);
      }
    }
  }

  async #resume(before: AttachResult, link: MessageLink): Promise<void> {
    const after = await this.#attach(link);
    if (after.sessionId !== before.sessionId) {
      link.close();
      this.#finish(connectionErrors.linkLost('its session has ended; another one runs there now'));
      return;
    }
    const resumed = after.you.id === before.you.id;
    this.#attached = after;
    this.#up = true;
    for (const [id, message] of this.#pending) {
      // Whether it ran nobody knows any more: asking again could run it twice.
      if (message.method === 'session/execute' && !resumed) {
        this.#pending.delete(id);
        this.#refuse(id);
      } else this.#write(message);
    }
    this.#options.status({ state: 'up', resumed });
  }

  /** Asks for the events after the last that came; they may come before the answer. */
  #attach(link: MessageLink): Promise<AttachResult> {
    return new Promise((resolve, reject) => {
      this.#real = link;
      link.reader.onError(() => undefined);
      link.writer.onError(() => undefined);
      link.onClose((reason) => {
        reject(reason ?? connectionErrors.linkLost('it was closed while it was resumed'));
        if (this.#real === link && this.#up) this.#lost(reason);
      });
      link.reader.listen((incoming) => {
        const message = incoming as Wire;
        if (message.id !== OWN_ATTACH) this.#fromSession(message);
        else if (message.error) reject(connectionErrors.protocolViolation('the session refused to resume'));
        else resolve(message.result as AttachResult);
      });
      const params = { after: this.#seen, window: this.#window };
      this.#write({ jsonrpc: '2.0', id: OWN_ATTACH, method: 'session/attach', params } as Wire);
    });
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #refuse(id: number | string): void {
    const error = toResponseError(connectionErrors.linkLost('it was not answered before that')).toJson();
    this.#deliver({ jsonrpc: '2.0', id, error } as Wire);
  }

  #write(message: Wire): void {
    // A link that is closed says so by onClose; a write that fails after that has nothing to add.
    this.#real.writer.write(message).catch(() => undefined);
  }

  #deliver(message: Wire): void {
    this.#inner.writer.write(message).catch(() => undefined);
  }

  #frontClosed(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#attempt.abort(connectionErrors.cancelled());
    this.#wake();
    this.#real.close();
  }

  #finish(reason: HawserError | null): void {
    this.#closed = true;
    this.#inner.close(reason ?? undefined);
  }
}
