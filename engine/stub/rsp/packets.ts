import { connectionErrors } from '../../../transports/errors/connection-errors.ts';

/** GDB's remote serial protocol on the wire: `$body#xx`, `%body#xx`, `+`, `-`, and 0x03 for a break-in. */

const DOLLAR = 0x24;
const HASH = 0x23;
const PERCENT = 0x25;
const PLUS = 0x2b;
const MINUS = 0x2d;
const STAR = 0x2a;
const ESCAPE = 0x7d;
const INTERRUPT = 0x03;

/** What a count of repetitions has added, so that it can be printed. */
const RUN_BIAS = 29;

/** No stub's answers come near it: GDB itself stops at 16 KiB unless told otherwise. */
export const MAX_PACKET = 16 * 1024 * 1024;

const LOOSE_PARTS = 1024;

export type RspItem = RspPacket | { readonly kind: 'ack' | 'nack' | 'break' };

export interface RspPacket {
  readonly kind: 'packet' | 'notification';
  /** With its frame, as it came; shares memory with the chunk that it came in. */
  readonly raw: Buffer;
  /** Without its frame, still escaped and run-length encoded. */
  readonly body: Buffer;
}

/** Packets out of chunks of any size; a packet that lies in one chunk is not copied. What stands between packets is dropped. */
export class RspReader {
  readonly #limit: number;
  #parts: Buffer[] = [];
  #length = 0;
  /** Parts at the end that have not been joined. */
  #loose = 0;
  /** Bytes of the checksum still to come; null: its `#` has not come yet. */
  #missing: number | null = null;
  /** What was met outside packets: a peer that speaks something else is named by it. */
  noise = 0;

  constructor(limit = MAX_PACKET) {
    this.#limit = limit;
  }

  /** Bytes that are there of a packet that is not complete. */
  get pending(): number {
    return this.#length;
  }

  /** @throws HawserError `FRAME_TOO_LARGE`: nothing after it can be trusted */
  push(chunk: Buffer, take: (item: RspItem) => void): void {
    let at = 0;
    if (this.#length > 0) {
      const end = this.#endOfBegun(chunk);
      this.#keep(end < 0 ? chunk : chunk.subarray(0, end));
      if (end < 0) return;
      const raw = Buffer.concat(this.#parts, this.#length);
      this.#parts = [];
      this.#loose = 0;
      this.#length = 0;
      this.#missing = null;
      take(packetOf(raw));
      at = end;
    }
    while (at < chunk.length) at = this.#next(chunk, at, take);
  }

  #next(chunk: Buffer, at: number, take: (item: RspItem) => void): number {
    const byte = chunk[at];
    if (byte === DOLLAR || byte === PERCENT) {
      const hash = chunk.indexOf(HASH, at + 1);
      const end = hash + 3;
      if (hash >= 0 && end <= chunk.length) {
        take(packetOf(chunk.subarray(at, end)));
        return end;
      }
      this.#missing = hash < 0 ? null : end - chunk.length;
      this.#keep(chunk.subarray(at));
      return chunk.length;
    }
    if (byte === PLUS) take({ kind: 'ack' });
    else if (byte === MINUS) take({ kind: 'nack' });
    else if (byte === INTERRUPT) take({ kind: 'break' });
    else this.noise += 1;
    return at + 1;
  }

  /** Where the packet that has begun ends in this chunk; -1: not there. */
  #endOfBegun(chunk: Buffer): number {
    if (this.#missing === null) {
      const hash = chunk.indexOf(HASH);
      if (hash < 0) return -1;
      if (hash + 3 <= chunk.length) return hash + 3;
      this.#missing = hash + 3 - chunk.length;
      return -1;
    }
    if (this.#missing <= chunk.length) return this.#missing;
    this.#missing -= chunk.length;
    return -1;
  }

  #keep(part: Buffer): void {
    this.#length += part.length;
    if (this.#length > this.#limit) throw connectionErrors.frameTooLarge(this.#length, this.#limit);
    this.#parts.push(part);
    // A peer that sends byte by byte would otherwise have us keep an object for each.
    if (++this.#loose < LOOSE_PARTS) return;
    this.#parts.push(Buffer.concat(this.#parts.splice(-LOOSE_PARTS)));
    this.#loose = 0;
  }
}

/** `raw`: one packet, with its frame. */
export function packetOf(raw: Buffer): RspPacket {
  return {
    kind: raw[0] === DOLLAR ? 'packet' : 'notification',
    raw,
    body: raw.subarray(1, raw.length - 3),
  };
}

/** Whether what came is what was sent. */
export function isIntact(packet: RspPacket): boolean {
  const { raw, body } = packet;
  const told = raw.toString('latin1', raw.length - 2);
  return /^[0-9a-f]{2}$/i.test(told) && Number.parseInt(told, 16) === checksum(body);
}

function checksum(body: Uint8Array): number {
  let sum = 0;
  for (const byte of body) sum += byte;
  return sum & 0xff;
}

/** A packet with its frame; a text in latin1. What the frame is made of is escaped. */
export function encodePacket(body: string | Buffer): Buffer {
  const plain = escapeBody(typeof body === 'string' ? Buffer.from(body, 'latin1') : body);
  const raw = Buffer.allocUnsafe(plain.length + 4);
  raw[0] = DOLLAR;
  plain.copy(raw, 1);
  raw.write(`#${checksum(plain).toString(16).padStart(2, '0')}`, plain.length + 1, 'latin1');
  return raw;
}

function isSpecial(byte: number): boolean {
  return byte === DOLLAR || byte === HASH || byte === ESCAPE || byte === STAR;
}

/** Bytes of a body on the wire. */
export function escapedLength(body: Buffer): number {
  let specials = 0;
  for (const byte of body) if (isSpecial(byte)) specials += 1;
  return body.length + specials;
}

function escapeBody(body: Buffer): Buffer {
  const length = escapedLength(body);
  if (length === body.length) return body;
  const out = Buffer.allocUnsafe(length);
  let at = 0;
  for (const byte of body) {
    if (isSpecial(byte)) {
      out[at++] = ESCAPE;
      out[at++] = byte ^ 0x20;
    } else out[at++] = byte;
  }
  return out;
}

/**
 * Runs written out: `0* ` is `0000`. Escapes stay, for only some answers are binary ({@link unescapeBody}).
 * @throws HawserError `PROTOCOL_VIOLATION`, `FRAME_TOO_LARGE`
 */
export function expandRuns(body: Buffer, limit = MAX_PACKET): Buffer {
  let star = body.indexOf(STAR);
  if (star < 0) return body;
  const parts: Buffer[] = [];
  let length = 0;
  let at = 0;
  for (; star >= 0; star = body.indexOf(STAR, at)) {
    const count = (body[star + 1] ?? 0) - RUN_BIAS;
    // A run may follow another: what is repeated is then the last byte of that one.
    const repeated = star > at ? body[star - 1] : parts.at(-1)?.at(-1);
    if (count < 1 || repeated === undefined)
      throw connectionErrors.protocolViolation('a run of bytes without its byte or its count');
    parts.push(body.subarray(at, star), Buffer.alloc(count, repeated));
    length += star - at + count;
    if (length > limit) throw connectionErrors.frameTooLarge(length, limit);
    at = star + 2;
  }
  parts.push(body.subarray(at));
  return Buffer.concat(parts);
}

/** The first bytes of an answer, runs written out; fewer when it is shorter. What follows is not looked at. */
export function startOf({ body }: RspPacket, length: number): string {
  const out = Buffer.allocUnsafe(length);
  let to = 0;
  for (let at = 0; at < body.length && to < length; at += 1) {
    const byte = body[at] as number;
    if (byte !== STAR || to === 0) {
      out[to++] = byte;
      continue;
    }
    at += 1;
    const end = Math.min(length, to + (body[at] ?? RUN_BIAS) - RUN_BIAS);
    out.fill(out[to - 1] as number, to, end);
    to = Math.max(to, end);
  }
  return out.toString('latin1', 0, to);
}

/** Escapes taken out, as binary answers (`qXfer`, `vFile`, `x`) have them. */
export function unescapeBody(body: Buffer): Buffer {
  let mark = body.indexOf(ESCAPE);
  if (mark < 0) return body;
  const out = Buffer.allocUnsafe(body.length);
  let length = 0;
  let at = 0;
  for (; mark >= 0; mark = body.indexOf(ESCAPE, at)) {
    length += body.copy(out, length, at, mark);
    // An mark without its byte: nothing to undo.
    if (mark + 1 < body.length) out[length++] = (body[mark + 1] as number) ^ 0x20;
    at = mark + 2;
  }
  if (at < body.length) length += body.copy(out, length, at);
  return out.subarray(0, length);
}

/** An answer as text: runs written out, nothing unescaped. */
export function textOf(packet: RspPacket): string {
  return expandRuns(packet.body).toString('latin1');
}
