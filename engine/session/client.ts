import { type MessageConnection, ResponseError } from 'vscode-jsonrpc/node';
import type { HawserError } from '../../transports/errors/error.ts';
import type { MessageLink } from '../../transports/message-link.ts';
import { engineErrors } from '../errors.ts';
import type { EventLog } from '../log/event-log.ts';
import {
  type AttachParams,
  type ClientInfo,
  type SessionMethod,
  type SessionRequests,
  viewerMethods,
} from '../protocol/session.ts';
import { openRpc } from '../rpc/connection.ts';
import { toResponseError } from '../rpc/errors.ts';
import { EventFeed } from './event-feed.ts';
import { ackSchema, checkParams, isSessionMethod } from './schemas.ts';

/** What the session answers requests with; one method for each request. */
export type RequestHandlers = {
  readonly [M in SessionMethod]: (
    client: Client,
    params: SessionRequests[M]['params'],
  ) => Promise<SessionRequests[M]['result']>;
};

export type LeaveReason = 'left' | 'linkLost' | 'removed';

/**
 * One connected front, at the session's end. It owns its link; whoever closes it, `onGone` is called once.
 */
export class Client {
  info: ClientInfo;
  /** Server it came through; null for a local front. */
  readonly serverId: number | null;
  readonly #link: MessageLink;
  readonly #rpc: MessageConnection;
  readonly #log: EventLog;
  #feed: EventFeed | null = null;
  #leaving: LeaveReason | null = null;

  constructor(options: {
    info: ClientInfo;
    serverId: number | null;
    link: MessageLink;
    log: EventLog;
    handlers: RequestHandlers;
    onGone: (client: Client, reason: LeaveReason) => void;
  }) {
    this.info = options.info;
    this.serverId = options.serverId;
    this.#link = options.link;
    this.#log = options.log;
    this.#rpc = openRpc(options.link).connection;
    this.#rpc.onRequest((method, params) => this.#answer(options.handlers, method, params));
    this.#rpc.onNotification('session/ack', (params: unknown) => {
      const ack = ackSchema.safeParse(params);
      if (ack.success) this.#feed?.ack(ack.data.seq);
    });
    this.#link.onClose((reason) => {
      this.#feed?.close();
      this.#rpc.dispose();
      options.onGone(this, this.#leaving ?? (reason ? 'linkLost' : 'left'));
    });
    this.#rpc.listen();
  }

  get attached(): boolean {
    return this.#feed !== null;
  }

  attach(params: AttachParams): void {
    this.#feed?.close();
    this.#feed = new EventFeed(this.#log, this.#link, params.after, params.window);
  }

  /** New events are in the log. */
  pump(): void {
    this.#feed?.pump();
  }

  /** The client goes because it wants to; its link is closed once the answer is out. */
  leave(): void {
    this.#leaving = 'left';
    setImmediate(() => this.#link.close());
  }

  /** Ends the connection, telling why, after all events so far were sent. */
  async end(reason: HawserError, how: LeaveReason = 'left'): Promise<void> {
    this.#leaving ??= how;
    this.#feed?.pump();
    await this.#feed?.flushed();
    this.#link.close(reason);
  }

  async #answer(handlers: RequestHandlers, method: string, params: unknown): Promise<unknown> {
    try {
      if (!isSessionMethod(method)) throw engineErrors.badRequest(`there is no method ${method}`);
      if (this.info.role === 'viewer' && !(viewerMethods as readonly string[]).includes(method)) {
        throw engineErrors.viewerOnly();
      }
      return await call(handlers, method, this, params);
    } catch (error) {
      return error instanceof ResponseError ? error : toResponseError(error);
    }
  }
}

function call<M extends SessionMethod>(
  handlers: RequestHandlers,
  method: M,
  client: Client,
  params: unknown,
): Promise<SessionRequests[M]['result']> {
  return handlers[method](client, checkParams(method, params));
}
