import { connectionErrors } from '../errors/connection-errors.ts';
import { reachDirectory } from './ask.ts';
import { LineSocket } from './line-socket.ts';
import { asRequest, limits, order, type ServerRegistration } from './messages.ts';
import type { Owner } from './owner-link.ts';

const CONNECT_MS = 2_000;
const REGISTER_MS = 3_000;

/** An owner's connection to the directory that another process of this machine serves. Held, it says: I am alive. */
export class Membership {
  readonly #line: LineSocket;
  readonly #waiting: (() => void)[] = [];
  #goodbye = false;
  readonly closed: Promise<void>;

  private constructor(line: LineSocket) {
    this.#line = line;
    this.closed = new Promise((resolve) =>
      line.socket.once('close', () => {
        resolve();
        for (const settle of this.#waiting.splice(0)) settle();
      }),
    );
  }

  /**
   * @throws HawserError `NO_DIRECTORY` when nobody serves one; `NOT_A_DIRECTORY`, `CONNECT_TIMED_OUT` when what has the
   * port does not register
   */
  static async open(
    port: number,
    owner: Owner,
    servers: readonly ServerRegistration[],
    signal: AbortSignal,
  ): Promise<Membership> {
    const socket = await reachDirectory('127.0.0.1', port, { signal, timeoutMs: CONNECT_MS });
    const line: LineSocket = new LineSocket(socket, limits.requestBytes, (message) => {
      const read = order.safeParse(message);
      if (!read.success) return line.destroy();
      const { data } = read;
      if (data.hawser === 'registered') for (const settle of membership.#waiting.splice(0)) settle();
      else if (data.hawser === 'ping') line.send(asRequest({ request: 'alive', id: data.id }));
      else
        void owner
          .relay(data.pipe, data.caller)
          .then((opened) => line.send(asRequest({ request: 'relay', id: data.id, port: opened })));
    });
    const membership = new Membership(line);
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      line.destroy();
    }, REGISTER_MS).unref();
    await membership.set(servers);
    clearTimeout(timer);
    if (late) throw connectionErrors.timedOut('127.0.0.1', port, REGISTER_MS);
    if (line.socket.destroyed)
      throw connectionErrors.notADirectory('127.0.0.1', port, 'it does not register');
    return membership;
  }

  /** Registers these in the place of what was. Settles when that is done, or the connection is gone. */
  set(servers: readonly ServerRegistration[]): Promise<void> {
    if (this.#line.socket.destroyed) return Promise.resolve();
    const done = new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#line.send(asRequest({ request: 'register', servers }));
    return done;
  }

  /** Leaves: with nothing registered any more, nothing stays listed. */
  async leave(): Promise<void> {
    if (this.#goodbye) return this.closed;
    this.#goodbye = true;
    // Waited for at the end of a program, which must not end before.
    this.#line.socket.ref();
    this.#line.send(asRequest({ request: 'register', servers: [] }));
    this.#line.end();
    await this.closed;
  }
}
