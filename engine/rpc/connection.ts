import { createMessageConnection, type Message, type MessageConnection } from 'vscode-jsonrpc/node';
import { connectionErrors } from '../../transports/errors/connection-errors.ts';
import type { MessageLink, MessageReader } from '../../transports/message-link.ts';

export interface Rpc {
  readonly connection: MessageConnection;
  /**
   * Resolves when every message that came has been handled. The library hands messages on one a turn of the
   * event loop, and drops what waits when it is disposed: who wants the last events of a link that was closed waits for this first.
   */
  handled(): Promise<void>;
}

/** Messages that may wait for their turn before the peer has to: the library keeps as many as come. */
const MOST_WAITING = 256;

/** JSON-RPC over a link. The link's close is the caller's to follow; errors of the stream come by it, too. */
export function openRpc(link: MessageLink): Rpc {
  let delivered = 0;
  let handled = 0;
  let paused = false;
  const reader = Object.create(link.reader) as MessageReader;
  reader.listen = (callback) =>
    link.reader.listen((message) => {
      // The library takes this one out of turn.
      if ((message as Message & { method?: string }).method !== '$/cancelRequest') delivered++;
      if (delivered - handled === MOST_WAITING) {
        paused = true;
        link.pause?.();
      }
      try {
        callback(message);
      } catch (error) {
        // The library takes some messages for what they call themselves, and falls over what is not in them.
        link.close(connectionErrors.protocolViolation('a message is not JSON-RPC', error));
      }
    });
  const connection = createMessageConnection(reader, link.writer, undefined, {
    messageStrategy: {
      handleMessage(message, next) {
        handled++;
        if (paused && delivered - handled < MOST_WAITING / 2) {
          paused = false;
          link.resume?.();
        }
        return next(message);
      },
    },
  });
  // Without a handler the library throws errors of the stream as uncaught.
  connection.onError(() => undefined);
  return {
    connection,
    handled: async () => {
      while (handled < delivered) await new Promise((turn) => setImmediate(turn));
    },
  };
}
