import {
  AbstractMessageReader,
  AbstractMessageWriter,
  type DataCallback,
  type Disposable,
  type Message,
} from 'vscode-jsonrpc/node';
import { EncodedMessage } from './encoded-message.ts';
import { connectionErrors } from './errors/connection-errors.ts';
import type { HawserError } from './errors/error.ts';
import type { Framed } from './frames/framed.ts';
import type { MessageLink } from './message-link.ts';

/** JSON-RPC over channel 0 of a framed connection: one message a frame, UTF-8. The link owns the connection. */
export function jsonLink(framed: Framed): MessageLink {
  return {
    reader: new FrameMessageReader(framed),
    writer: new FrameMessageWriter(framed),
    sendEncoded(message) {
      try {
        framed.writeEncoded(message.frame);
      } catch (error) {
        // Over the limit: the sender's defect, and the peer would wait for it for ever.
        framed.fail(error as HawserError);
      }
    },
    get pendingBytes() {
      return framed.pendingBytes;
    },
    drained: () => framed.drained(),
    pause: () => framed.pause(),
    resume: () => framed.resume(),
    onClose: (callback) => ({ dispose: framed.onClose(callback) }),
    close: (reason) => framed.close(reason),
    ended: framed.ended,
    destroy: () => framed.destroy(),
  };
}

class FrameMessageReader extends AbstractMessageReader {
  readonly #framed: Framed;

  constructor(framed: Framed) {
    super();
    this.#framed = framed;
    framed.onClose((reason) => {
      if (reason) this.fireError(reason);
      this.fireClose();
    });
  }

  override listen(callback: DataCallback): Disposable {
    this.#framed.setHandler(0, {
      data: (payload) => {
        const message = parseMessage(payload);
        if (message) callback(message);
        else this.#framed.fail(connectionErrors.protocolViolation('a message is not JSON-RPC'));
      },
      end: () =>
        this.#framed.fail(connectionErrors.protocolViolation('channel 0 was ended without a goodbye')),
    });
    return { dispose: () => this.#framed.pause() };
  }
}

function parseMessage(payload: Buffer): Message | null {
  try {
    const value: unknown = JSON.parse(payload.toString('utf8'));
    const isMessage =
      typeof value === 'object' && value !== null && 'jsonrpc' in value && value.jsonrpc === '2.0';
    return isMessage ? (value as Message) : null;
  } catch {
    return null;
  }
}

class FrameMessageWriter extends AbstractMessageWriter {
  readonly #framed: Framed;

  constructor(framed: Framed) {
    super();
    this.#framed = framed;
    framed.onClose(() => this.fireClose());
  }

  write(message: Message): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#framed.writeEncoded(EncodedMessage.of(message).frame, (error) => {
        if (!error) return resolve();
        this.fireError(error, message);
        reject(error);
      });
    });
  }

  end(): void {
    this.#framed.close();
  }
}
