import type { Duplex } from 'node:stream';
import { createByteChannels } from '../../../transports/channels/channels.ts';
import { connectionErrors } from '../../../transports/errors/connection-errors.ts';
import { type HawserError, toHawserError } from '../../../transports/errors/error.ts';
import { MAX_CHANNEL } from '../../../transports/frames/format.ts';
import type { Framed } from '../../../transports/frames/framed.ts';
import { gone, mayComeBack, RetryPlan } from '../../client/retry.ts';
import { engineErrors } from '../../errors.ts';
import type { StubMethod, StubRequests, StubWelcome } from '../protocol.ts';
import type { StubStatus } from '../stub.ts';
import type { Notification } from './answers.ts';
import { StubConnection } from './connection.ts';

export interface StubLinkOptions {
  /** Reaches the server, hello and password included; `resume` is for the hello. */
  readonly connect: (resume: string | undefined, signal: AbortSignal) => Promise<Framed>;
  readonly signal: AbortSignal;
}

interface Asked {
  ask(connection: StubConnection): void;
  fail(error: HawserError): void;
}

export interface OpenedChannel {
  readonly id: number;
  readonly stream: Duplex;
}

/**
 * A session with a process server: requests, notifications, raw channels. It outlives the connections it goes over: when one
 * is lost it makes another, for as long as the server keeps the session, and asks again what was not answered.
 */
export class StubLink {
  readonly #options: StubLinkOptions;
  readonly #channels = createByteChannels();
  readonly #pending = new Set<Asked>();
  /** Channels that the server may not know yet: the request that tells it is not answered. */
  readonly #opening = new Set<number>();
  readonly #onStatus = new Set<(status: StubStatus) => void>();
  readonly #onNotification = new Set<(notification: Notification) => void>();
  #connection: StubConnection | null = null;
  #welcome: StubWelcome | null = null;
  #status: StubStatus = { state: 'up' };
  #attempt = new AbortController();
  #wake: () => void = () => undefined;
  #lastChannel = 0;

  private constructor(options: StubLinkOptions) {
    this.#options = options;
  }

  /** @throws HawserError why not */
  static async open(options: StubLinkOptions): Promise<StubLink> {
    const link = new StubLink(options);
    const { signal } = options;
    const connection = link.#connected(await options.connect(undefined, signal));
    link.#welcome = await connection.begin(null, signal);
    if (link.#status.state === 'ended') throw link.#status.error ?? connectionErrors.serverEnded();
    link.#use(connection, null);
    return link;
  }

  get welcome(): StubWelcome {
    if (!this.#welcome) throw new Error('not connected yet');
    return this.#welcome;
  }

  get status(): StubStatus {
    return this.#status;
  }

  onStatus(listener: (status: StubStatus) => void): () => void {
    this.#onStatus.add(listener);
    return () => this.#onStatus.delete(listener);
  }

  onNotification(listener: (notification: Notification) => void): () => void {
    this.#onNotification.add(listener);
    return () => this.#onNotification.delete(listener);
  }

  /**
   * Answered once, however many connections that takes.
   * @param opens numbers of channels that this request makes known to the server
   * @throws HawserError as the server threw it; the link's end
   */
  request<M extends StubMethod>(
    method: M,
    params: StubRequests[M]['params'],
    opens: readonly number[] = [],
  ): Promise<StubRequests[M]['result']> {
    if (this.#status.state === 'ended') return Promise.reject(this.#endError());
    return new Promise((resolve, reject) => {
      for (const id of opens) this.#opening.add(id);
      const settle = () => {
        this.#pending.delete(asked);
        for (const id of opens) this.#opening.delete(id);
      };
      const asked: Asked = {
        ask: (connection) => {
          connection.request(method, params).then(
            (result) => {
              settle();
              resolve(result);
            },
            (error: HawserError) => {
              // Its connection is gone: it is asked again, or fails with the link.
              if (this.#connection !== connection || connection.framed.closed) return;
              settle();
              reject(error);
            },
          );
        },
        fail: (error) => {
          settle();
          reject(error);
        },
      };
      this.#pending.add(asked);
      if (this.#connection) asked.ask(this.#connection);
    });
  }

  /** What the server said before now has been heard. Never rejects. */
  async caughtUp(): Promise<void> {
    await this.request('stub/ping', {}).catch(() => undefined);
  }

  /** @param prompt for what the other end sends paced */
  openChannel(prompt = false): OpenedChannel {
    if (this.#status.state === 'ended') throw this.#endError();
    if (this.#lastChannel >= MAX_CHANNEL)
      throw engineErrors.unsupported(
        'Opening one more channel',
        `this connection has had its ${MAX_CHANNEL}; connect anew`,
      );
    const id = ++this.#lastChannel;
    return { id, stream: this.#channels.open(id, { prompt }) };
  }

  /** Leaves in good order. What the server still holds for us is let go. Idempotent. */
  async close(): Promise<void> {
    const connection = this.#connection;
    if (this.#status.state === 'ended') return;
    if (connection) {
      const away = new Promise<void>((resolve) => connection.framed.onClose(() => resolve()));
      await Promise.race([this.request('stub/leave', {}).catch(() => undefined), away]);
      connection.framed.close();
    }
    this.#finish(null);
    await connection?.framed.ended;
  }

  #connected(framed: Framed): StubConnection {
    const connection: StubConnection = new StubConnection(
      framed,
      (notification) => {
        for (const listener of [...this.#onNotification]) listener(notification);
      },
      (reason) => {
        if (this.#connection === connection) this.#lost(reason);
      },
    );
    // A server that resumes may send bytes before its answer is read.
    this.#channels.receive(framed);
    return connection;
  }

  #use(connection: StubConnection, resumed: StubWelcome['resumed']): void {
    this.#connection = connection;
    if (resumed) {
      const known = new Set(resumed.map(({ id }) => id));
      const unknown = [...this.#opening].filter((id) => !known.has(id)).map((id) => ({ id, received: 0 }));
      this.#channels.bind(connection.framed, [...resumed, ...unknown]);
    } else this.#channels.bind(connection.framed);
    for (const asked of [...this.#pending]) asked.ask(connection);
    // It may be gone again, before anybody listened.
    if (connection.reason !== undefined) this.#lost(connection.reason);
  }

  #lost(reason: HawserError | null): void {
    if (this.#status.state === 'ended') return;
    this.#connection = null;
    if (!reason || !mayComeBack(reason)) this.#finish(reason ?? connectionErrors.serverEnded());
    else void this.#recover(reason);
  }

  async #recover(lost: HawserError): Promise<void> {
    const { resumeWindow, resumeToken } = this.welcome;
    const plan = new RetryPlan(resumeWindow);
    const until = Date.now() + resumeWindow;
    this.#attempt = new AbortController();
    const { signal } = this.#attempt;
    for (let failure = lost; ; ) {
      const pause = plan.next(failure);
      if (pause === null) return this.#finish(failure === lost ? lost : gone(lost, failure));
      this.#setStatus({ state: 'lost', error: failure, until });
      await this.#sleep(pause);
      if (signal.aborted) return;
      try {
        return await this.#resume(resumeToken, signal);
      } catch (error) {
        if (signal.aborted) return;
        failure = toHawserError(error);
      }
    }
  }

  async #resume(token: string, signal: AbortSignal): Promise<void> {
    const framed = await this.#options.connect(token, signal);
    this.#channels.unbind();
    const positions = this.#channels.positions;
    const connection = this.#connected(framed);
    const welcome = await connection.begin(positions, signal);
    if (welcome.resumed === null) {
      framed.close();
      this.#finish(connectionErrors.linkLost('its session there has ended meanwhile'));
      return;
    }
    this.#welcome = welcome;
    this.#use(connection, welcome.resumed);
    this.#setStatus({ state: 'up' });
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

  #finish(error: HawserError | null): void {
    if (this.#status.state === 'ended') return;
    this.#connection = null;
    this.#setStatus({ state: 'ended', error });
    this.#attempt.abort();
    this.#wake();
    for (const asked of [...this.#pending]) asked.fail(this.#endError());
    this.#channels.close(error);
    this.#onStatus.clear();
  }

  #endError(): HawserError {
    const error = this.#status.state === 'ended' ? this.#status.error : null;
    return error ?? connectionErrors.linkLost('it was closed here');
  }

  #setStatus(status: StubStatus): void {
    this.#status = status;
    for (const listener of [...this.#onStatus]) listener(status);
  }
}
