import type { WebSocket } from 'ws';
import { openRpc, type Rpc } from '../../engine/rpc/connection.ts';
import { toResponseError } from '../../engine/rpc/errors.ts';
import type { HawserError } from '../../transports/errors/error.ts';
import type { MessageLink } from '../../transports/message-link.ts';
import { socketLink } from '../client/socket-link.ts';
import type { HubAgentRequests, HubNotifications, HubRequestName, HubRequests } from '../protocol/hub.ts';
import { Queues } from '../store/local/queue.ts';
import type { Actor } from './audit.ts';
import { callerErrors } from './errors.ts';
import type { OpenSessions } from './open-sessions.ts';
import type { AccountRecord } from './records.ts';
import { notifications, parameters } from './schemas.ts';
import { newId } from './secrets.ts';

export type Identity =
  | {
      readonly kind: 'person';
      readonly account: AccountRecord;
      readonly token: string;
      readonly expires: number;
    }
  | { readonly kind: 'agent'; readonly session: string };

/** Answers one request of a peer. */
export type Answer = <N extends HubRequestName>(
  peer: Peer,
  name: N,
  params: HubRequests[N]['params'],
) => Promise<HubRequests[N]['result']>;

/** Requests of one connection at work at once; above it nothing more is read from it. */
const MOST_AT_ONCE = 32;

/** One connection: who is at its other end, and what they have open. */
export class Peer {
  readonly id = newId();
  readonly address: string;
  readonly link: MessageLink;
  greeted = false;
  identity: Identity | null = null;
  /** What ends with the connection or the sign-in. */
  readonly open: OpenSessions;
  /** Sessions whose changes it is told of. */
  readonly interest = new Set<string>();
  readonly #socket: WebSocket;
  readonly #rpc: Rpc;
  readonly #queues = new Queues();
  #atWork = 0;

  constructor(socket: WebSocket, address: string, answer: Answer, open: (peer: Peer) => OpenSessions) {
    this.#socket = socket;
    this.address = address;
    this.link = socketLink(socket);
    this.open = open(this);
    this.#rpc = openRpc(this.link);
    this.#rpc.connection.onRequest((method, params) => this.#take(method, params, answer));
    this.#rpc.connection.onNotification((method, params) => this.#hear(method, params));
    this.link.onClose(() => this.#rpc.connection.dispose());
    this.#rpc.connection.listen();
  }

  get actor(): Actor {
    const who = !this.identity
      ? 'unknown'
      : this.identity.kind === 'person'
        ? this.identity.account.email
        : `agent ${this.identity.session}`;
    return { who, from: this.address };
  }

  /** @throws HawserError `NOT_SIGNED_IN` */
  get person(): Extract<Identity, { kind: 'person' }> {
    if (this.identity?.kind !== 'person') throw callerErrors.notSignedIn();
    return this.identity;
  }

  /** The session of an agent. @throws HawserError `NOT_SIGNED_IN` */
  get agentOf(): string {
    if (this.identity?.kind !== 'agent') throw callerErrors.notSignedIn();
    return this.identity.session;
  }

  tell<N extends keyof HubNotifications>(name: N, params: HubNotifications[N]): void {
    void this.#rpc.connection.sendNotification(name, params).catch(() => undefined);
  }

  /** Tells, and waits until the connection has room for more. */
  async tellSlowly<N extends keyof HubNotifications>(name: N, params: HubNotifications[N]): Promise<void> {
    this.tell(name, params);
    await this.link.drained();
  }

  /** @returns whether it was answered as it should be */
  async ask<N extends keyof HubAgentRequests>(
    name: N,
    params: HubAgentRequests[N]['params'],
  ): Promise<boolean> {
    try {
      await this.#rpc.connection.sendRequest(name, params);
      return true;
    } catch {
      return false;
    }
  }

  /** One after the other, by key. */
  inOrder<T>(key: string, work: () => Promise<T>): Promise<T> {
    return this.#queues.run(key, work);
  }

  /** Called once, when the connection ends; soon, when it has. */
  onEnd(callback: () => Promise<void>): void {
    this.link.onClose(() => void callback().catch(() => undefined));
  }

  /** What was sent before still goes out. */
  close(reason?: HawserError): void {
    this.link.close(reason);
  }

  async #take(method: string, params: unknown, answer: Answer): Promise<unknown> {
    this.#atWork++;
    if (this.#atWork === MOST_AT_ONCE) this.#socket.pause();
    try {
      const name = method as HubRequestName;
      if (!Object.hasOwn(parameters, name))
        throw callerErrors.badRequest(method.slice(0, 60), 'there is none such');
      const parsed = parameters[name].safeParse(params ?? undefined);
      if (!parsed.success) throw callerErrors.badRequest(name, firstProblem(parsed.error));
      return await answer(this, name, parsed.data as never);
    } catch (error) {
      return toResponseError(error);
    } finally {
      this.#atWork--;
      if (this.#atWork === MOST_AT_ONCE - 1) this.#socket.resume();
    }
  }

  #hear(method: string, params: unknown): void {
    if (method !== 'session/ack') return;
    const parsed = notifications['session/ack'].safeParse(params);
    if (parsed.success) this.open.ack(parsed.data.session, parsed.data.seq);
  }
}

function firstProblem(error: {
  readonly issues: readonly { path: PropertyKey[]; message: string }[];
}): string {
  const [issue] = error.issues;
  return issue ? `${issue.path.join('.') || 'it'}: ${issue.message}` : 'it cannot be read';
}
