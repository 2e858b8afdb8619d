import { randomBytes } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { type MessageConnection, ResponseError } from 'vscode-jsonrpc/node';
import type { ChannelPosition } from '../../../transports/channels/byte-channels.ts';
import { createByteChannels } from '../../../transports/channels/channels.ts';
import type { HawserError } from '../../../transports/errors/error.ts';
import type { Framed } from '../../../transports/frames/framed.ts';
import type { MessageLink } from '../../../transports/message-link.ts';
import { engineErrors } from '../../errors.ts';
import { localInfo } from '../../machine/local.ts';
import { openRpc } from '../../rpc/connection.ts';
import { toResponseError } from '../../rpc/errors.ts';
import type { StubMethod, StubNotifications, StubRequests, StubWelcome } from '../protocol.ts';
import { checkParams, isStubMethod } from './schemas.ts';

/** What a client needs of the server around it. */
export interface ServedHost {
  /** Hawser's own. */
  readonly version: string;
  readonly implicitCommandLine: string | null;
  /** Milliseconds. */
  readonly resumeWindow: number;
  /** The link is closed; once for each link. */
  linkClosed(client: ServedClient, lost: boolean): void;
  endServer(): void;
}

export interface StubPeer {
  readonly host: string;
  readonly user: string;
  /** How it came: `tcp 192.0.2.5:50001`. */
  readonly via: string;
}

interface Bound {
  readonly link: MessageLink;
  readonly framed: Framed;
  readonly rpc: MessageConnection;
  begun: boolean;
}

export type Handlers = {
  readonly [M in StubMethod]: (params: StubRequests[M]['params']) => Promise<StubRequests[M]['result']>;
};

/** Lines that wait for a client whose link is lost. */
const MAX_UNTOLD = 200;
const NOTHING = {};

/** One client of a server of stubs, at the server's end. It outlives its link: what it holds waits for it for a while. */
export abstract class ServedClient {
  peer: StubPeer;
  readonly token = randomBytes(24).toString('base64url');
  readonly #host: ServedHost;
  readonly #channels = createByteChannels();
  /** What was answered to requests that open channels: asked again they do nothing again. By channel. */
  readonly #opened = new Map<number, Promise<unknown>>();
  readonly #streams = new Map<number, Duplex>();
  /** What could not be told for want of a link. */
  readonly #untold: { readonly method: string; readonly params: object }[] = [];
  #begun = false;
  #ended = false;
  #leaving = false;
  #bound: Bound | null = null;

  /** Of this kind of server; those that all have are added. */
  protected abstract readonly handlers: Partial<Handlers>;

  constructor(peer: StubPeer, host: ServedHost) {
    this.peer = peer;
    this.#host = host;
  }

  /** Lets go all that it holds. */
  protected abstract letGo(): Promise<void>;

  /** HOST\user (tcp 192.0.2.5:50001). */
  get who(): string {
    const { host, user, via } = this.peer;
    return `${host}\\${user} (${via})`;
  }

  /** Has been heard of after the hello: there is something to come back to. */
  get begun(): boolean {
    return this.#begun;
  }

  /** It has left, or was removed. */
  protected get ended(): boolean {
    return this.#ended;
  }

  /** Takes a link, in place of one it may have: the newer is the one that works. */
  bind(link: MessageLink, framed: Framed): void {
    const before = this.#bound;
    // First: that it is closed now is no leaving.
    this.#bound = null;
    before?.link.destroy();
    this.#channels.unbind();
    const { connection: rpc } = openRpc(link);
    const bound: Bound = { link, framed, rpc, begun: false };
    this.#bound = bound;
    rpc.onRequest((method, params) => this.#answer(bound, method, params));
    link.onClose((reason) => {
      rpc.dispose();
      if (this.#bound !== bound) return;
      this.#bound = null;
      this.#host.linkClosed(this, reason !== null && !this.#leaving);
    });
    rpc.listen();
  }

  /** Everything it holds is let go; its link, if any, is closed with the reason. */
  async end(reason?: HawserError): Promise<void> {
    this.#ended = true;
    this.#leaving = true;
    this.#bound?.link.close(reason);
    await this.letGo();
    this.#channels.close(null);
  }

  async #answer(bound: Bound, method: string, params: unknown): Promise<unknown> {
    try {
      if (!isStubMethod(method)) throw engineErrors.badRequest(`there is no method ${method}`);
      if (!bound.begun && method !== 'stub/begin')
        throw engineErrors.badRequest('stub/begin comes before all others');
      return await call({ ...this.handlers, ...this.#common }, method, params);
    } catch (error) {
      return error instanceof ResponseError ? error : toResponseError(error);
    }
  }

  readonly #common = {
    'stub/begin': async ({ resume }) => this.#begin(resume),
    'stub/closeChannel': async ({ channel }) => {
      this.#streams.get(channel)?.destroy();
      return NOTHING;
    },
    'stub/endServer': async () => {
      setImmediate(() => this.#host.endServer());
      return NOTHING;
    },
    'stub/leave': async () => {
      this.#leaving = true;
      const link = this.#bound?.link;
      setImmediate(() => link?.close());
      return NOTHING;
    },
    'stub/ping': async () => NOTHING,
  } satisfies Partial<Handlers>;

  #begin(resume: readonly ChannelPosition[] | null): StubWelcome {
    const bound = this.#bound;
    if (!bound || bound.begun) throw engineErrors.badRequest('stub/begin comes once');
    bound.begun = true;
    const resumed = this.#begun ? this.#channels.positions : null;
    this.#begun = true;
    this.#channels.bind(bound.framed, ...(resumed ? [resume ?? []] : []));
    setImmediate(() => {
      for (const { method, params } of this.#untold.splice(0)) this.#send(method, params);
    });
    return {
      resumeToken: this.token,
      resumeWindow: this.#host.resumeWindow,
      resumed,
      machine: localInfo(),
      version: this.#host.version,
      implicitCommandLine: this.#host.implicitCommandLine,
    };
  }

  /** A request that opens a channel: whoever asks it again gets the same answer. */
  protected once<T>(channel: number, run: () => Promise<T>): Promise<T> {
    const known = this.#opened.get(channel);
    if (known) return known as Promise<T>;
    const result = run();
    result.catch(() => undefined);
    this.#opened.set(channel, result);
    return result;
  }

  /** What {@link once} has begun; undefined: nothing. */
  protected opening(channel: number): Promise<unknown> | undefined {
    return this.#opened.get(channel);
  }

  /** @throws HawserError `BAD_REQUEST` for a number that is, or was, in use */
  protected open(channel: number, paced = false): Duplex {
    try {
      const stream = this.#channels.open(channel, { paced });
      this.#streams.set(channel, stream);
      stream.on('close', () => this.#streams.delete(channel));
      return stream;
    } catch {
      throw engineErrors.badRequest(`channel ${channel} is, or was, in use`);
    }
  }

  protected tell<M extends keyof StubNotifications & string>(method: M, params: StubNotifications[M]): void {
    if (this.#bound?.begun) this.#send(method, params);
    else if (this.#untold.length < MAX_UNTOLD) this.#untold.push({ method, params });
  }

  #send(method: string, params: object): void {
    this.#bound?.rpc.sendNotification(method, params).catch(() => undefined);
  }
}

function call<M extends StubMethod>(
  handlers: Partial<Handlers>,
  method: M,
  params: unknown,
): Promise<StubRequests[M]['result']> {
  const handler = handlers[method];
  if (!handler) throw engineErrors.badRequest(`this kind of server has no ${method}`);
  return handler(checkParams(method, params));
}
