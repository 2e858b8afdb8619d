/**
 * A frame on the wire: 8 bytes of header, then the payload.
 *
 *     0       4         6      7          8
 *     | length | channel | type | reserved | payload … |
 *
 * `length` (unsigned, big-endian) counts the payload alone; `reserved` is 0 and refused otherwise.
 */
export const HEADER_BYTES = 8;
export const MAX_CHANNEL = 0xffff;

/** What a frame is. Numbers are the wire's. */
export const FrameType = {
  /** Bytes of a channel. */
  data: 0,
  /** No more bytes of this channel will come from the sender; the other direction goes on. No payload. */
  end: 1,
  /** The sender closes the whole connection; channel 0. Payload: empty, or a WireError as JSON. */
  goodbye: 2,
  /** Answered with `pong` at once; channel 0, no payload. */
  ping: 3,
  pong: 4,
  /** Of a raw channel: its reader has taken so many bytes. Payload: {@link ACK_BYTES}. */
  ack: 5,
  /** Of a raw channel: the sender has let it go, sends no more and reads no more. No payload. */
  reset: 6,
} as const;
export type FrameType = (typeof FrameType)[keyof typeof FrameType];
export const MAX_FRAME_TYPE = FrameType.reset;

/** A count of bytes, unsigned, big-endian. */
export const ACK_BYTES = 8;

/** A whole frame, header included, that may be written to any number of connections. Never changed. */
export type EncodedFrame = Buffer & { readonly __frame: true };

export function writeHeader(into: Buffer, type: FrameType, channel: number, length: number): void {
  into.writeUInt32BE(length, 0);
  into.writeUInt16BE(channel, 4);
  into[6] = type;
  into[7] = 0;
}

/** Header and payload (given in one or several pieces) in one new buffer. */
export function encodeFrame(
  type: FrameType,
  channel: number,
  ...payload: readonly Uint8Array[]
): EncodedFrame {
  const length = payload.reduce((sum, piece) => sum + piece.byteLength, 0);
  // Small frames come from Node's pool, where a fresh allocation each would cost more than the copy.
  const frame = Buffer.allocUnsafe(HEADER_BYTES + length);
  writeHeader(frame, type, channel, length);
  let at = HEADER_BYTES;
  for (const piece of payload) {
    frame.set(piece, at);
    at += piece.byteLength;
  }
  return frame as EncodedFrame;
}
