import type { MessageConnection } from 'vscode-jsonrpc/node';
import type { ChannelPosition } from '../../../transports/channels/byte-channels.ts';
import { connectionErrors } from '../../../transports/errors/connection-errors.ts';
import { type HawserError, toHawserError } from '../../../transports/errors/error.ts';
import type { Framed } from '../../../transports/frames/framed.ts';
import { jsonLink } from '../../../transports/json-link.ts';
import { openRpc } from '../../rpc/connection.ts';
import { fromResponseError } from '../../rpc/errors.ts';
import type { StubMethod, StubRequests, StubWelcome } from '../protocol.ts';
import { checkAnswer, checkNotification, type Notification, notificationNames } from './answers.ts';

/** One connection to a process server, from hello to its end. A session goes over several when links are lost. */
export class StubConnection {
  readonly framed: Framed;
  readonly #rpc: MessageConnection;
  /** Undefined until it is closed and all that came has been handled; null: in good order. */
  reason: HawserError | null | undefined;

  /** @param closed called once, when all that came has been handled */
  constructor(
    framed: Framed,
    notified: (notification: Notification) => void,
    closed: (reason: HawserError | null) => void,
  ) {
    this.framed = framed;
    const link = jsonLink(framed);
    const { connection, handled } = openRpc(link);
    this.#rpc = connection;
    for (const method of notificationNames)
      connection.onNotification(method, (params: unknown) => {
        try {
          notified(checkNotification(method, params));
        } catch (error) {
          framed.fail(toHawserError(error));
        }
      });
    link.onClose((reason) => {
      void handled().then(() => {
        // First, so that who was not answered finds the connection closed.
        this.reason = reason;
        closed(reason);
        connection.dispose();
      });
    });
    connection.listen();
  }

  /** @throws HawserError as the server threw it, `LINK_LOST`, `PROTOCOL_VIOLATION` */
  async request<M extends StubMethod>(
    method: M,
    params: StubRequests[M]['params'],
  ): Promise<StubRequests[M]['result']> {
    let result: unknown;
    try {
      result = await this.#rpc.sendRequest(method, params);
    } catch (error) {
      throw fromResponseError(error);
    }
    try {
      return checkAnswer(method, result);
    } catch (error) {
      // Who answers so cannot be talked to.
      this.framed.fail(toHawserError(error));
      throw error;
    }
  }

  /** @throws HawserError also `CANCELLED`; the connection is cut then */
  async begin(resume: readonly ChannelPosition[] | null, signal: AbortSignal): Promise<StubWelcome> {
    const cut = () => this.framed.destroy();
    signal.addEventListener('abort', cut);
    try {
      return await this.request('stub/begin', { resume });
    } catch (error) {
      this.framed.destroy();
      throw signal.aborted ? connectionErrors.cancelled() : error;
    } finally {
      signal.removeEventListener('abort', cut);
    }
  }
}
