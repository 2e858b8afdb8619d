import type { Duplex } from 'node:stream';
import type { HawserError } from '../errors/error.ts';
import type { Framed } from '../frames/framed.ts';

/** How far one direction of a channel has come: `received` bytes have arrived at the end that says so. */
export interface ChannelPosition {
  readonly id: number;
  readonly received: number;
}

export interface ChannelOptions {
  /**
   * What is sent leaves the link to the others: of it no more is under way than the link carries in a twentieth of a second, and
   * other channels go first. The other end must acknowledge promptly.
   */
  readonly paced?: boolean;
  /** Acknowledges what comes as soon as it is read, for an end that is {@link paced}. */
  readonly prompt?: boolean;
}

/**
 * The raw channels (1 and up) of a framed connection as streams, each with a window of its own: a reader that stands
 * still holds up its own channel and no other. They outlive connections: what the other end has not acknowledged is
 * kept, at most a window a channel, and sent again over the next one.
 */
export interface ByteChannels {
  /** A channel of this number; both ends open it before either sends. @throws RangeError when it is in use */
  open(id: number, options?: ChannelOptions): Duplex;
  /**
   * What has arrived here of each open channel: for the other end, when a connection is resumed. Read it after {@link unbind}.
   */
  readonly positions: readonly ChannelPosition[];
  /**
   * Takes what comes over a connection, and sends nothing until {@link bind}: for the end that resumes, which asks the other
   * end for its positions first, and may get bytes before the answer is read.
   */
  receive(framed: Framed): void;
  /**
   * Takes a connection; channel 0 stays the caller's. With `theirs`, it resumes: what the other end has not had is
   * sent again, channels that it does not name end. What the other end claims wrongly breaks the connection.
   */
  bind(framed: Framed, theirs?: readonly ChannelPosition[]): void;
  /** The connection is lost: writers wait. It comes by itself when the connection is closed. */
  unbind(): void;
  /** All channels end: with the error, or as if the other end had ended them. Idempotent. */
  close(reason: HawserError | null): void;
}
