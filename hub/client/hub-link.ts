import { type CancellationToken, CancellationTokenSource, type MessageConnection } from 'vscode-jsonrpc/node';
import { openRpc } from '../../engine/rpc/connection.ts';
import { fromResponseError, toResponseError } from '../../engine/rpc/errors.ts';
import { connectionErrors } from '../../transports/errors/connection-errors.ts';
import type { HawserError } from '../../transports/errors/error.ts';
import type { MessageLink } from '../../transports/message-link.ts';
import {
  HUB_PROTOCOL_VERSION,
  type HubAgentRequests,
  type HubFacts,
  type HubNotifications,
  type HubRequestName,
  type HubRequests,
} from '../protocol/hub.ts';
import { dialHub } from './dial.ts';
import { hubClientErrors } from './errors.ts';
import { answers, order, told } from './schemas.ts';
import { socketLink } from './socket-link.ts';

export interface HubLinkOptions {
  readonly origin: string;
  readonly fingerprint: string | undefined;
  readonly program: string;
  readonly signal: AbortSignal;
  readonly takeOrder: ((params: HubAgentRequests['agent/order']['params']) => void) | undefined;
  readonly told: <N extends keyof HubNotifications>(name: N, params: HubNotifications[N]) => void;
}

const HELLO_MS = 20_000;

/** One connection to a hub, greeted: for as long as it lasts. */
export class HubLink {
  readonly facts: HubFacts;
  /** How it ended; null: in good order. */
  readonly closed: Promise<HawserError | null>;
  readonly #link: MessageLink;
  readonly #connection: MessageConnection;

  private constructor(
    link: MessageLink,
    connection: MessageConnection,
    closed: Promise<HawserError | null>,
    facts: HubFacts,
  ) {
    this.#link = link;
    this.#connection = connection;
    this.closed = closed;
    this.facts = facts;
  }

  /** @throws HawserError as dialHub, `HUB_VERSION_MISMATCH`, `NOT_A_HUB`, `LINK_LOST` */
  static async open(options: HubLinkOptions): Promise<HubLink> {
    const link = socketLink(await dialHub(options));
    const { connection, handled } = openRpc(link);
    const closed = new Promise<HawserError | null>((resolve) => {
      link.onClose((reason) => {
        void handled().then(() => {
          connection.dispose();
          resolve(reason);
        });
      });
    });
    for (const name of Object.keys(told) as (keyof HubNotifications)[]) {
      connection.onNotification(name, (params: unknown) => {
        const parsed = told[name].safeParse(params);
        if (parsed.success) options.told(name, parsed.data as never);
        else link.close(connectionErrors.protocolViolation(`'${name}' cannot be read`));
      });
    }
    connection.onRequest('agent/order', (params: unknown) => {
      const parsed = order.safeParse(params);
      if (!parsed.success || !options.takeOrder)
        throw toResponseError(connectionErrors.protocolViolation('no order was expected'));
      options.takeOrder(parsed.data);
      return null;
    });
    connection.listen();
    try {
      const signal = AbortSignal.any([AbortSignal.timeout(HELLO_MS), options.signal]);
      const hello = { version: HUB_PROTOCOL_VERSION, client: options.program };
      const facts = await ask(connection, 'hub/hello', hello, signal, () =>
        options.signal.aborted
          ? connectionErrors.cancelled()
          : hubClientErrors.notAHub(options.origin, 'it does not answer as one'),
      );
      if (facts.version !== HUB_PROTOCOL_VERSION)
        throw hubClientErrors.versionMismatch(HUB_PROTOCOL_VERSION, facts.version);
      return new HubLink(link, connection, closed, facts);
    } catch (error) {
      link.close();
      throw error;
    }
  }

  request<N extends HubRequestName>(
    name: N,
    params: HubRequests[N]['params'],
    signal: AbortSignal,
    ended: () => HawserError,
  ): Promise<HubRequests[N]['result']> {
    return ask(this.#connection, name, params, signal, ended);
  }

  notify(name: string, params: object): void {
    void this.#connection.sendNotification(name, params).catch(() => undefined);
  }

  close(): void {
    this.#link.close();
  }
}

/** @param ended what it fails with when the signal fires; the hub is told not to go on */
async function ask<N extends HubRequestName>(
  connection: MessageConnection,
  name: N,
  params: HubRequests[N]['params'],
  signal: AbortSignal,
  ended: () => HawserError,
): Promise<HubRequests[N]['result']> {
  if (signal.aborted) throw ended();
  const cancel = new CancellationTokenSource();
  let abort = () => {};
  const aborted = new Promise<never>((_resolve, reject) => {
    abort = () => {
      cancel.cancel();
      reject(ended());
    };
    signal.addEventListener('abort', abort, { once: true });
  });
  try {
    const answer = sent(connection, name, params, cancel.token);
    answer.catch(() => undefined);
    const result: unknown = await Promise.race([answer.catch(rethrow), aborted]);
    const parsed = answers[name].safeParse(result);
    if (!parsed.success)
      throw connectionErrors.protocolViolation(`the answer to '${name}' cannot be read`, parsed.error);
    return parsed.data;
  } finally {
    signal.removeEventListener('abort', abort);
    cancel.dispose();
  }
}

/** The library throws at once where the link has gone already: that, too, is a request without an answer. */
async function sent(
  connection: MessageConnection,
  name: string,
  params: object | undefined,
  token: CancellationToken,
): Promise<unknown> {
  return params === undefined
    ? connection.sendRequest(name, token)
    : connection.sendRequest(name, params, token);
}

function rethrow(error: unknown): never {
  throw fromResponseError(error);
}
