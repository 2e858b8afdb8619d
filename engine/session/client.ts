import { createHash, randomBytes } from 'node:crypto';
import { type MessageConnection, ResponseError } from 'vscode-jsonrpc/node';
import type { HawserError } from '../../transports/errors/error.ts';
import type { MessageLink } from '../../transports/message-link.ts';
import { engineErrors } from '../errors.ts';
import type { EventLog } from '../log/event-log.ts';
import {
  type AttachParams,
  type ClientInfo,
  type ExecuteResult,
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

export interface ClientHost {
  readonly log: EventLog;
  readonly handlers: RequestHandlers;
  /** The link is closed; once for each link. */
  linkClosed(client: Client, reason: LeaveReason): void;
}

/** Commands remembered for a client that repeats one because it does not know whether it arrived. */
const REMEMBERED_COMMANDS = 1000;

/** What a token is known by: who reads the session's memory or a list of clients cannot resume with it. */
export function tokenKey(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}

/** What a client has while its link stands. */
interface Bound {
  readonly link: MessageLink;
  readonly rpc: MessageConnection;
  feed: EventFeed | null;
}

/**
 * One front, at the session's end. It outlives its link: when that is lost the session keeps it for a while, and the
 * front comes back to it by its token.
 */
export class Client {
  info: ClientInfo;
  /** Server it came through; null for a local front. */
  readonly serverId: number | null;
  /** Told to the client once, when it attaches. */
  readonly token = randomBytes(24).toString('base64url');
  readonly #host: ClientHost;
  readonly #commands = new Map<string, Promise<ExecuteResult>>();
  #bound: Bound | null = null;
  #attached = false;
  #leaving: LeaveReason | null = null;

  constructor(info: ClientInfo, serverId: number | null, host: ClientHost) {
    this.info = info;
    this.serverId = serverId;
    this.#host = host;
  }

  /** Has asked for events at least once. */
  get attached(): boolean {
    return this.#attached;
  }

  /** Takes a link, in place of one it may have: the newer is the one that works. */
  bind(link: MessageLink): void {
    this.#bound?.link.destroy();
    const { connection: rpc } = openRpc(link);
    const bound: Bound = { link, rpc, feed: null };
    this.#bound = bound;
    rpc.onRequest((method, params) => this.#answer(method, params));
    rpc.onNotification('session/ack', (params: unknown) => {
      const ack = ackSchema.safeParse(params);
      if (ack.success) bound.feed?.ack(ack.data.seq);
    });
    link.onClose((reason) => {
      bound.feed?.close();
      rpc.dispose();
      if (this.#bound !== bound) return;
      this.#bound = null;
      this.#host.linkClosed(this, this.#leaving ?? (reason ? 'linkLost' : 'left'));
    });
    rpc.listen();
  }

  attach(params: AttachParams): void {
    const bound = this.#bound;
    if (!bound) return;
    this.#attached = true;
    bound.feed?.close();
    bound.feed = new EventFeed(this.#host.log, bound.link, params.after, params.window);
  }

  /** New events are in the log. */
  pump(): void {
    this.#bound?.feed?.pump();
  }

  /** Runs a command, or answers as before when it is the same one again: it is never run twice. */
  once(commandId: string, run: () => Promise<ExecuteResult>): Promise<ExecuteResult> {
    const known = this.#commands.get(commandId);
    if (known) return known;
    const result = run();
    result.catch(() => undefined);
    this.#commands.set(commandId, result);
    const [oldest] = this.#commands.keys();
    if (this.#commands.size > REMEMBERED_COMMANDS && oldest !== undefined) this.#commands.delete(oldest);
    return result;
  }

  /** The client goes because it wants to; its link is closed once the answer is out. */
  leave(): void {
    this.#leaving = 'left';
    const link = this.#bound?.link;
    setImmediate(() => link?.close());
  }

  /** Ends the connection, telling why, after all events so far were sent. */
  async end(reason: HawserError, how: LeaveReason = 'left'): Promise<void> {
    this.#leaving ??= how;
    const bound = this.#bound;
    bound?.feed?.pump();
    await bound?.feed?.flushed();
    bound?.link.close(reason);
  }

  async #answer(method: string, params: unknown): Promise<unknown> {
    try {
      if (!isSessionMethod(method)) throw engineErrors.badRequest(`there is no method ${method}`);
      if (this.info.role === 'viewer' && !(viewerMethods as readonly string[]).includes(method)) {
        throw engineErrors.viewerOnly();
      }
      return await call(this.#host.handlers, method, this, params);
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
