import { HEAD_BYTES, type Head, Kind, LINE_VERSION, makeFrame } from './frame.ts';
import { unwrap } from './sequence.ts';

/** Bits of selective acknowledgement at most: frames after the first missing one. */
export const MAX_SELECTIVE_BITS = 256;

/** What the ends tell each other when a connection opens. */
export interface Opening {
  readonly version: number;
  /** Bits a second, as the sender's connection string says. */
  readonly baud: number;
  /** Frames that the sender takes before it has acknowledged any. */
  readonly window: number;
}

export function openingFrame(head: Head, { baud, window }: Omit<Opening, 'version'>): Buffer {
  const frame = makeFrame(head, 7);
  frame[HEAD_BYTES] = LINE_VERSION;
  frame.writeUInt32BE(baud, HEAD_BYTES + 1);
  frame.writeUInt16BE(window, HEAD_BYTES + 5);
  return frame;
}

export function readOpening(frame: Buffer): Opening | null {
  if (frame.length < HEAD_BYTES + 7) return null;
  return {
    version: frame.readUInt8(HEAD_BYTES),
    baud: frame.readUInt32BE(HEAD_BYTES + 1),
    window: frame.readUInt16BE(HEAD_BYTES + 5),
  };
}

export interface RefusalNote {
  readonly reason: number;
  readonly version: number;
  /** Of the end that refuses, bits a second. */
  readonly baud: number;
}

export function refuseFrame(head: Head, reason: number, baud: number): Buffer {
  const frame = makeFrame({ ...head, kind: Kind.refuse }, 6);
  frame[HEAD_BYTES] = reason;
  frame[HEAD_BYTES + 1] = LINE_VERSION;
  frame.writeUInt32BE(baud, HEAD_BYTES + 2);
  return frame;
}

export function readRefusal(frame: Buffer): RefusalNote | null {
  if (frame.length < HEAD_BYTES + 6) return null;
  return {
    reason: frame.readUInt8(HEAD_BYTES),
    version: frame.readUInt8(HEAD_BYTES + 1),
    baud: frame.readUInt32BE(HEAD_BYTES + 2),
  };
}

/** A frame of the stream: data, or its end. */
export function sequencedFrame(head: Head, sequence: number, payload: Uint8Array): Buffer {
  const frame = makeFrame(head, 2 + payload.length);
  frame.writeUInt16BE(sequence & 0xffff, HEAD_BYTES);
  frame.set(payload, HEAD_BYTES + 2);
  return frame;
}

/** Null for a frame without its number. */
export function readSequenced(
  frame: Buffer,
  near: number,
): { readonly sequence: number; readonly payload: Buffer } | null {
  if (frame.length < HEAD_BYTES + 2) return null;
  return {
    sequence: unwrap(frame.readUInt16BE(HEAD_BYTES), near),
    payload: frame.subarray(HEAD_BYTES + 2),
  };
}

export interface Acknowledgement {
  /** All frames before it have come. */
  readonly next: number;
  /** Frames before it may be sent. */
  readonly limit: number;
  /** Whether the frame `next + 1 + n` has come. */
  readonly has: (n: number) => boolean;
  /** How many of them are told of. */
  readonly told: number;
}

/** @param has Numbers beyond `next` that have come. */
export function ackFrame(head: Head, next: number, limit: number, has: Iterable<number>): Buffer {
  const bits = Buffer.alloc(MAX_SELECTIVE_BITS / 8);
  let used = 0;
  for (const sequence of has) {
    const n = sequence - next - 1;
    if (n < 0 || n >= MAX_SELECTIVE_BITS) continue;
    bits[n >> 3] = (bits[n >> 3] ?? 0) | (1 << (n & 7));
    used = Math.max(used, (n >> 3) + 1);
  }
  const frame = makeFrame(head, 4 + used);
  frame.writeUInt16BE(next & 0xffff, HEAD_BYTES);
  frame.writeUInt16BE(limit & 0xffff, HEAD_BYTES + 2);
  bits.copy(frame, HEAD_BYTES + 4, 0, used);
  return frame;
}

/** @param near The receiver's first number not acknowledged yet. */
export function readAck(frame: Buffer, near: number): Acknowledgement | null {
  if (frame.length < HEAD_BYTES + 4) return null;
  const bits = frame.subarray(HEAD_BYTES + 4);
  const next = unwrap(frame.readUInt16BE(HEAD_BYTES), near);
  return {
    next,
    limit: unwrap(frame.readUInt16BE(HEAD_BYTES + 2), next),
    has: (n) => ((bits[n >> 3] ?? 0) & (1 << (n & 7))) !== 0,
    told: bits.length * 8,
  };
}
