import { crc32 } from 'node:zlib';
import { stuff, stuffedLength, unstuff } from './cobs.ts';

/** What crosses the line; `docs/protocol.md`, "Serial lines". */
export const Kind = {
  open: 1,
  accept: 2,
  refuse: 3,
  data: 4,
  end: 5,
  ack: 6,
  probe: 7,
  reset: 8,
} as const;
export type Kind = (typeof Kind)[keyof typeof Kind];

/** Why a connection was not taken. */
export const Refusal = { nobody: 1, version: 2, baud: 3 } as const;

/** Of this layer; a peer with another one is refused. */
export const LINE_VERSION = 1;

/** Kind, channel, connection. */
export const HEAD_BYTES = 4;
const CRC_BYTES = 4;
/** Payload of a frame at most; a longer frame is garbage. */
export const MAX_FRAME_PAYLOAD = 4096;
const MAX_BODY = HEAD_BYTES + 2 + MAX_FRAME_PAYLOAD;
/** A frame between its zeros at most. */
export const MAX_STUFFED = stuffedLength(MAX_BODY + CRC_BYTES);

const ACCEPTOR = 0x80;

/** Whose connection a frame belongs to. Both ends count alike: `initiator` is the end that opened it, here or there. */
export interface Head {
  readonly kind: number;
  /** Sent by the end that was called, not by the one that opened. */
  readonly fromAcceptor: boolean;
  readonly channel: number;
  /** Chosen by the opener, 0 to 65535. */
  readonly id: number;
}

/** A frame without checksum and stuffing: `body` is what follows the head. */
export function makeFrame(head: Head, body = 0): Buffer {
  const frame = Buffer.allocUnsafe(HEAD_BYTES + body);
  frame[0] = head.kind | (head.fromAcceptor ? ACCEPTOR : 0);
  frame[1] = head.channel;
  frame.writeUInt16BE(head.id, 2);
  return frame;
}

/** Null for what is too short to be a frame. */
export function headOf(frame: Buffer): Head | null {
  if (frame.length < HEAD_BYTES) return null;
  const first = frame.readUInt8(0);
  return {
    kind: first & ~ACCEPTOR,
    fromAcceptor: (first & ACCEPTOR) !== 0,
    channel: frame.readUInt8(1),
    id: frame.readUInt16BE(2),
  };
}

/** As it goes over the line: checksum added, stuffed, a zero behind it. */
export function toLine(frame: Buffer): Buffer {
  const whole = Buffer.allocUnsafe(frame.length + CRC_BYTES);
  frame.copy(whole);
  whole.writeUInt32BE(crc32(frame), frame.length);
  const out = Buffer.allocUnsafe(stuffedLength(whole.length) + 1);
  const end = stuff(whole, out, 0);
  out[end] = 0;
  return out.subarray(0, end + 1);
}

/** What stood between two zeros; null for garbage. */
export function fromLine(stuffed: Uint8Array): Buffer | null {
  const whole = unstuff(stuffed);
  if (!whole || whole.length < HEAD_BYTES + CRC_BYTES || whole.length > MAX_BODY + CRC_BYTES) return null;
  const frame = whole.subarray(0, whole.length - CRC_BYTES);
  return crc32(frame) === whole.readUInt32BE(frame.length) ? frame : null;
}
