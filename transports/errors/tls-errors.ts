import type { HawserError } from './error.ts';
import { make } from './make.ts';

const versions: Readonly<Record<string, string>> = {
  tls1: 'TLS 1.2 or later',
  'tls1.2': 'TLS 1.2',
  'tls1.3': 'TLS 1.3',
};

/** What goes wrong between the ends of an encrypted connection, certificates aside. */
export const tlsErrors = {
  /** `closed`: it ended without a word in TLS. */
  tlsNotSpoken(peer: string, closed: boolean, cause?: unknown): HawserError {
    return make(
      'TLS_NOT_SPOKEN',
      closed
        ? `${peer} closed the connection instead of speaking TLS: it is most likely a server without a certificate, or none of Hawser's.`
        : `${peer} does not speak TLS.`,
      'Use the same protocol at both ends: tcp: with tcp:, npipe: with npipe:, ssl: with ssl:, spipe: with spipe:.',
      { peer, closed },
      cause,
    );
  },

  /** `theirs` where it can be told. */
  protoMismatch(peer: string, ours: string, theirs: string | undefined, cause?: unknown): HawserError {
    const other = theirs === undefined ? 'an older version' : `${versions[theirs]} (proto=${theirs})`;
    return make(
      'PROTO_MISMATCH',
      `The two ends have no version of TLS in common: this one takes ${versions[ours]} (proto=${ours}), ${peer} ${other}.`,
      'Give the same proto= at both ends.',
      { peer, ours, ...(theirs !== undefined && { theirs }) },
      cause,
    );
  },

  tlsFailed(peer: string, reason: string, cause?: unknown): HawserError {
    return make(
      'TLS_FAILED',
      `The encrypted connection with ${peer} could not be made: ${reason}.`,
      'Check that both ends use the same proto= and the same certificate.',
      { peer, reason },
      cause,
    );
  },
} as const;
