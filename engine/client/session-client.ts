import type { MessageConnection } from 'vscode-jsonrpc/node';
import type { HawserError } from '../../transports/errors/error.ts';
import type { MessageLink } from '../../transports/message-link.ts';
import type {
  AttachResult,
  EventsParams,
  ExecuteResult,
  NumberedEvent,
  SessionMethod,
  SessionRequests,
} from '../protocol/session.ts';
import { openRpc } from '../rpc/connection.ts';
import { fromResponseError } from '../rpc/errors.ts';

/** Bytes the session may send ahead of what was taken in. */
const WINDOW = 2 * 1024 * 1024;
/** Far less than a window takes to fill. */
const ACKNOWLEDGE_MS = 2;

export interface SessionClientEvents {
  event(event: NumberedEvent): void;
  /** Whether the front has room for more; nothing more is asked for until it resolves. */
  taken?(): Promise<void>;
  /** Once; null when the link was closed in good order. */
  closed(reason: HawserError | null): void;
}

/**
 * A front's end of a session, local or remote: requests, and the events in order. It owns the link.
 */
export class SessionClient {
  readonly #rpc: MessageConnection;
  readonly #link: MessageLink;
  readonly #events: SessionClientEvents;
  #waiting: { readonly seq: number; readonly resolve: () => void }[] = [];
  readonly #done = new Map<string, () => void>();
  #seen = 0;
  #commands = 0;
  readonly #prefix = Math.random().toString(36).slice(2, 8);
  #closed = false;
  #acknowledging = false;

  constructor(link: MessageLink, events: SessionClientEvents) {
    this.#link = link;
    this.#events = events;
    const { connection, handled } = openRpc(link);
    this.#rpc = connection;
    this.#rpc.onNotification('session/events', (params: EventsParams) => this.#take(params.events));
    link.onClose((reason) => void handled().then(() => this.#close(reason)));
    this.#rpc.listen();
  }

  /** Number of the last event taken in. */
  get seen(): number {
    return this.#seen;
  }

  attach(after = 0): Promise<AttachResult> {
    this.#seen = after;
    return this.request('session/attach', { after, window: WINDOW });
  }

  /** @throws HawserError as the session threw it, or `LINK_LOST`. */
  async request<M extends SessionMethod>(
    method: M,
    params: SessionRequests[M]['params'],
  ): Promise<SessionRequests[M]['result']> {
    try {
      return await this.#rpc.sendRequest<SessionRequests[M]['result']>(method, params);
    } catch (error) {
      throw fromResponseError(error);
    }
  }

  /**
   * Runs a command line. Answers when it has finished and everything it printed has been taken in, the
   * order in which a person expects to see it.
   */
  async execute(command: string, commandId = this.newCommandId()): Promise<ExecuteResult> {
    const seen = new Promise<void>((resolve) => this.#done.set(commandId, resolve));
    try {
      const result = await this.request('session/execute', { command, commandId });
      await seen;
      return result;
    } finally {
      this.#done.delete(commandId);
    }
  }

  /** Resolves when the events up to a number have been taken in, or the link is closed. */
  caughtUp(seq: number): Promise<void> {
    if (this.#seen >= seq || this.#closed) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ seq, resolve }));
  }

  newCommandId(): string {
    return `${this.#prefix}-${++this.#commands}`;
  }

  /** Leaves in good order; resolves when the link is closed. */
  async leave(): Promise<void> {
    await this.request('session/leave', {}).catch(() => undefined);
    this.#link.close();
  }

  #take(events: readonly NumberedEvent[]): void {
    for (const event of events) {
      this.#seen = event.seq;
      this.#events.event(event);
      if (event.event.type === 'commandDone') this.#done.get(event.event.commandId)?.();
    }
    this.#wake(this.#seen);
    if (!this.#acknowledging) void this.#acknowledge();
  }

  #wake(seen: number): void {
    const ready = this.#waiting.filter(({ seq }) => seq <= seen);
    this.#waiting = this.#waiting.filter(({ seq }) => seq > seen);
    for (const { resolve } of ready) resolve();
  }

  /** Many events, one message: fifty clients that answered each of the session's would keep it busy with that. */
  async #acknowledge(): Promise<void> {
    this.#acknowledging = true;
    for (let acknowledged = 0; acknowledged < this.#seen && !this.#closed; ) {
      await new Promise((resolve) => setTimeout(resolve, ACKNOWLEDGE_MS));
      acknowledged = this.#seen;
      await this.#events.taken?.();
      try {
        await this.#rpc.sendNotification('session/ack', { seq: acknowledged });
      } catch {
        // The link is closed: nobody waits for it any more.
        return;
      }
    }
    this.#acknowledging = false;
  }

  #close(reason: HawserError | null): void {
    if (this.#closed) return;
    this.#closed = true;
    // Who waits for a command's end would wait for ever; the request itself is rejected by the library.
    for (const resolve of this.#done.values()) resolve();
    this.#wake(Number.POSITIVE_INFINITY);
    this.#rpc.dispose();
    this.#events.closed(reason);
  }
}
