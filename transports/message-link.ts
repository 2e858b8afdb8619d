import type { Disposable, Message, MessageReader, MessageWriter } from 'vscode-jsonrpc/node';
import type { EncodedMessage } from './encoded-message.ts';
import type { HawserError } from './errors/error.ts';

/**
 * JSON-RPC 2.0 messages between two ends, whatever carries them: channel 0 of a framed connection
 * (`jsonLink`), memory (`memoryMessagePair`), later a MessagePort. Code above does not know which.
 *
 * For `createMessageConnection(link.reader, link.writer)`. Nothing is read before `reader.listen`, and
 * nothing that came earlier is lost.
 */
export interface MessageLink {
  readonly reader: MessageReader;
  /** `write` resolves when the link took the message, not when the peer read it; rejects with a HawserError. */
  readonly writer: MessageWriter;
  /**
   * Sends a message that many links share: it is encoded at most once for all of them. Its place in the
   * order is that of the call, among `writer.write`s too. Never throws; on a closed link it does nothing.
   */
  sendEncoded(message: EncodedMessage): void;
  /** Bytes (in memory: messages) accepted for sending that the carrier has not taken yet. */
  readonly pendingBytes: number;
  /** Resolves when `pendingBytes` is low again, or the link is closed. */
  drained(): Promise<void>;
  /** Reads no further for now, so that the peer's writes stop in turn; what has been read is delivered. None: the peer is ourselves. */
  readonly pause?: () => void;
  readonly resume?: () => void;
  /**
   * Called once, when the link is closed, however that came: `null` when an end closed it in good order, else the
   * reason (`LINK_LOST`, `SERVER_ENDED`, `PROTOCOL_VIOLATION`, …). Called soon after when it is closed already.
   */
  onClose(callback: (reason: HawserError | null) => void): Disposable;
  /**
   * Ends the link: what was sent before still goes out, then the peer learns of it. With a reason the
   * peer's `onClose` gets that error. Idempotent.
   */
  close(reason?: HawserError): void;
  /** Resolves when the carrier is closed too: what a program waits for before it exits. Never rejects. */
  readonly ended: Promise<void>;
  /** Cuts the link at once; what was not sent is dropped. */
  destroy(): void;
}

export type { Disposable, Message, MessageReader, MessageWriter };
