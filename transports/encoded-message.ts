import type { Message } from 'vscode-jsonrpc/node';
import { type EncodedFrame, encodeFrame, FrameType } from './frames/format.ts';

/**
 * A JSON-RPC message on its way to several links. The work of encoding is done at most once, and not at
 * all while only links in memory want it; likewise the work of parsing one that was given as JSON.
 */
export class EncodedMessage {
  #message: Message | undefined;
  #json: readonly Uint8Array[] | undefined;
  #frame: EncodedFrame | undefined;

  private constructor(message: Message | undefined, json: readonly Uint8Array[] | undefined) {
    this.#message = message;
    this.#json = json;
  }

  static of(message: Message): EncodedMessage {
    return new EncodedMessage(message, undefined);
  }

  /**
   * From JSON text in UTF-8, whole or in pieces that are put together once (a batch of events that were
   * encoded one by one).
   */
  static fromJson(...json: readonly Uint8Array[]): EncodedMessage {
    return new EncodedMessage(undefined, json);
  }

  get message(): Message {
    this.#message ??= JSON.parse(Buffer.concat(this.#json ?? []).toString('utf8')) as Message;
    return this.#message;
  }

  /** The message as a frame of channel 0, header included; shared by all who send it, never changed. */
  get frame(): EncodedFrame {
    if (!this.#frame) {
      const json = this.#json ?? [Buffer.from(JSON.stringify(this.#message), 'utf8')];
      this.#frame = encodeFrame(FrameType.data, 0, ...json);
      // The pieces live on in the frame; kept apart they would double the memory of a waiting message.
      this.#json = this.#json && [this.#frame.subarray(-this.#payloadLength(json))];
    }
    return this.#frame;
  }

  /** Size of the message on the wire, bytes. */
  get byteLength(): number {
    return this.frame.byteLength;
  }

  #payloadLength(pieces: readonly Uint8Array[]): number {
    return pieces.reduce((sum, piece) => sum + piece.byteLength, 0);
  }
}
