import type { Duplex } from 'node:stream';
import type { ClientString, Protocol, ServerString } from './connection-string.ts';
import type { HawserError } from './errors/error.ts';

/**
 * A way to get bytes between two ends. One implementation a protocol (`tcp`, …); everything above it
 * (hello, password, frames, JSON-RPC) is the same for all and tested by one contract suite.
 */
export interface Transport<P extends Protocol = Protocol> {
  readonly protocol: P;
  /**
   * Opens a byte stream to a server.
   * @throws HawserError with the reason told apart (refused, host not found, timed out, …); `CANCELLED`
   * when the signal fires.
   */
  connect(target: Extract<ClientString, { protocol: P }>, options: ConnectOptions): Promise<Connection>;
  /**
   * Starts to accept. The caller owns the listener and closes it, and owns each connection it is given.
   * @throws HawserError (port in use, not permitted, …)
   */
  listen(
    target: Extract<ServerString, { protocol: P }>,
    accept: (connection: Connection) => void,
    options?: ListenOptions,
  ): Promise<Listener<Extract<ServerString, { protocol: P }>>>;
}

/** Tells a person what goes on meanwhile, a sentence without line feed: what is waited for, what is tried again. */
export type Notice = (text: string) => void;

export interface ListenOptions {
  readonly notice?: Notice;
  /** Somebody came who did not get as far as a connection; for the log. */
  readonly refused?: (error: HawserError, peer: string) => void;
  /** With `clicon`: between calls, ms; they double from the first to the longest. */
  readonly pauses?: { readonly first: number; readonly longest: number };
}

export interface ConnectOptions {
  /** Cancels at any stage until the promise has settled. */
  readonly signal: AbortSignal;
  /** Default {@link CONNECT_TIMEOUT_MS}. */
  readonly timeoutMs?: number;
  readonly notice?: Notice;
  /** How the break of a serial line is sent; the port's own way by default. */
  readonly lineBreak?: (path: string, baud: number) => Promise<void>;
  /** With `clicon`: when to look whether the server listens instead of calling. */
  readonly probeAfterMs?: number;
}

export const CONNECT_TIMEOUT_MS = 15_000;

export interface Connection {
  readonly stream: Duplex;
  /** The other end as users read it: `tcp 192.0.2.5:50001`. */
  readonly peer: string;
  /** What attempts are counted by: the peer's address without its port. */
  readonly peerAddress: string;
  /** What SCRAM is bound to on an encrypted stream (RFC 9266); absent on a plain one. */
  readonly channelBinding?: ChannelBinding;
  /**
   * The serial break, where the way is a line that is this connection's alone (`gdb:port=…`).
   * @throws what the system says: not every port can
   */
  sendBreak?(): Promise<void>;
}

export interface ChannelBinding {
  readonly type: 'tls-exporter';
  readonly data: Buffer;
}

/** A listener of any transport. */
export type Listener<S extends ServerString = ServerString> = Listening<S>;

/** `S`: what was asked for. */
export interface Listening<S> {
  /** What was bound, with the port found free as `port.low`; it holds the password as it was given. */
  readonly bound: S;
  /** Takes a stream that reached this process another way for one that reached the listener. `from`: the peer's address. */
  adopt?(stream: Duplex, from: string): void;
  /** Stops accepting; connections already made stay. Idempotent. */
  close(): Promise<void>;
}
