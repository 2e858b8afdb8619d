import { connectionErrors } from '../errors/connection-errors.ts';
import type { FrameType } from './format.ts';
import { ACK_BYTES, HEADER_BYTES, MAX_FRAME_TYPE, FrameType as Types } from './format.ts';

export interface Frame {
  readonly type: FrameType;
  readonly channel: number;
  /** May share memory with what the stream delivered: copy what is kept for long. */
  readonly payload: Buffer;
}

/**
 * Up to this size the room for a payload is allocated when its header is read; a larger one grows as its
 * bytes come, so that a peer cannot make us allocate what it only announced.
 */
const ALLOCATE_AT_ONCE = 1 << 20;

/**
 * Frames out of chunks of any size. `push` takes a chunk, `next` gives the frames one by one; what was
 * pushed and not fetched is kept as it came. A payload that lies in one chunk is not copied.
 */
export class FrameDecoder {
  /** Largest payload accepted, bytes. May change between frames. */
  maxPayload: number;
  #chunk: Buffer = Buffer.alloc(0);
  #waiting: Buffer[] = [];
  readonly #header = Buffer.alloc(HEADER_BYTES);
  #headerFilled = 0;
  #payload: Buffer | null = null;
  #payloadFilled = 0;

  constructor(maxPayload: number) {
    this.maxPayload = maxPayload;
  }

  push(chunk: Buffer): void {
    if (this.#chunk.length === 0) this.#chunk = chunk;
    else if (chunk.length > 0) this.#waiting.push(chunk);
  }

  /** Whether a frame has begun and is not complete. */
  get inFrame(): boolean {
    return this.#headerFilled > 0 || this.#chunk.length > 0;
  }

  /**
   * The next complete frame, or null until more is pushed.
   * @throws HawserError `FRAME_TOO_LARGE` or `PROTOCOL_VIOLATION`; the decoder is then of no more use.
   */
  next(): Frame | null {
    if (this.#headerFilled < HEADER_BYTES) {
      if (!this.#fillHeader()) return null;
      this.#checkHeader();
    }
    const length = this.#header.readUInt32BE(0);
    const payload = this.#takePayload(length);
    if (!payload) return null;
    this.#headerFilled = 0;
    return { type: this.#header[6] as FrameType, channel: this.#header.readUInt16BE(4), payload };
  }

  #fillHeader(): boolean {
    while (this.#headerFilled < HEADER_BYTES) {
      if (this.#chunk.length === 0) return false;
      const taken = this.#chunk.copy(this.#header, this.#headerFilled);
      this.#headerFilled += taken;
      this.#consume(taken);
    }
    return true;
  }

  #checkHeader(): void {
    const length = this.#header.readUInt32BE(0);
    const type = this.#header[6] ?? 0;
    if (length > this.maxPayload) throw connectionErrors.frameTooLarge(length, this.maxPayload);
    if (this.#header[7] !== 0) throw connectionErrors.protocolViolation('a reserved byte is not zero');
    if (type > MAX_FRAME_TYPE)
      throw connectionErrors.protocolViolation(`frames of type ${type} do not exist`);
    if (type === Types.ack) {
      if (length !== ACK_BYTES)
        throw connectionErrors.protocolViolation(`an acknowledgement has ${length} bytes`);
    } else if (type !== Types.data && type !== Types.goodbye && length > 0)
      throw connectionErrors.protocolViolation(`a frame of type ${type} carries a payload`);
  }

  #takePayload(length: number): Buffer | null {
    if (!this.#payload && this.#chunk.length >= length) {
      const payload = this.#chunk.subarray(0, length);
      this.#consume(length);
      return payload;
    }
    this.#payload ??= Buffer.allocUnsafe(Math.min(length, ALLOCATE_AT_ONCE));
    while (this.#payloadFilled < length) {
      if (this.#chunk.length === 0) return null;
      if (this.#payloadFilled === this.#payload.length) this.#payload = grown(this.#payload, length);
      const taken = this.#chunk.copy(this.#payload, this.#payloadFilled, 0);
      this.#payloadFilled += taken;
      this.#consume(taken);
    }
    const payload = this.#payload;
    this.#payload = null;
    this.#payloadFilled = 0;
    return payload;
  }

  #consume(bytes: number): void {
    this.#chunk = this.#chunk.subarray(bytes);
    if (this.#chunk.length === 0) this.#chunk = this.#waiting.shift() ?? this.#chunk;
  }
}

function grown(payload: Buffer, length: number): Buffer {
  const larger = Buffer.allocUnsafe(Math.min(length, payload.length * 2));
  payload.copy(larger);
  return larger;
}
