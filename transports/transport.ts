import type { Duplex } from 'node:stream';
import type { ConnectionString } from './connection-string.ts';

/**
 * A way to get bytes between two ends. One implementation a protocol (`tcp`, …); everything above it
 * (hello, password, frames, JSON-RPC) is the same for all and tested by one contract suite.
 */
export interface Transport {
  /**
   * Opens a byte stream to a server.
   * @throws HawserError with the reason told apart (refused, host not found, timed out, …); `CANCELLED`
   * when the signal fires.
   */
  connect(target: ConnectionString, signal: AbortSignal): Promise<Connection>;
  /** Starts to accept. The caller owns the listener and closes it. */
  listen(target: ConnectionString, accept: (connection: Connection) => void): Promise<Listener>;
}

export interface Connection {
  readonly stream: Duplex;
  /** The other end as users read it: `tcp 192.0.2.5:50001`. */
  readonly peer: string;
}

export interface Listener {
  /** What was bound, with the port found free, as clients should be told (no password). */
  readonly bound: ConnectionString;
  /** Stops accepting; connections already made stay. Idempotent. */
  close(): Promise<void>;
}
