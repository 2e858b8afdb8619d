import type { HawserError } from './error.ts';
import { make } from './make.ts';

/** What ends a connection that was made. */
export const lineErrors = {
  /** The stream broke or ended without a goodbye: nobody said why. */
  linkLost(reason: string, cause?: unknown): HawserError {
    return make(
      'LINK_LOST',
      `The link was lost: ${reason}.`,
      'Reconnect when the network and the other end are back.',
      { reason },
      cause,
    );
  },

  /** The other end said goodbye: its server, session or program has ended on purpose. */
  serverEnded(): HawserError {
    return make(
      'SERVER_ENDED',
      'The server has ended.',
      'Ask for it to be started again, then connect anew.',
    );
  },

  frameTooLarge(bytes: number, limit: number): HawserError {
    return make(
      'FRAME_TOO_LARGE',
      `A message of ${bytes} bytes is over the limit of ${limit}.`,
      'Ask for less at once.',
      { bytes, limit },
    );
  },

  /** The peer broke the rules of `docs/protocol.md`; `what` says which. */
  protocolViolation(what: string, cause?: unknown): HawserError {
    return make(
      'PROTOCOL_VIOLATION',
      `The other end broke the protocol: ${what}.`,
      'Check that both ends run the same version of Hawser.',
      { what },
      cause,
    );
  },
} as const;
