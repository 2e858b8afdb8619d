import type { Proto } from '../connection-string/certificates.ts';
import { connectionErrors } from '../errors/connection-errors.ts';
import { HawserError } from '../errors/error.ts';

/** What the library calls bytes that are no TLS. */
const NOT_TLS = new Set([
  'ERR_SSL_WRONG_VERSION_NUMBER',
  'ERR_SSL_PACKET_LENGTH_TOO_LONG',
  'ERR_SSL_HTTP_REQUEST',
  'ERR_SSL_HTTPS_PROXY_REQUEST',
  'ERR_SSL_RECORD_LAYER_FAILURE',
  'ERR_SSL_BAD_RECORD_TYPE',
]);
const VERSIONS = new Set([
  'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
  'ERR_SSL_UNSUPPORTED_PROTOCOL',
  'ERR_SSL_VERSION_TOO_LOW',
  'ERR_SSL_NO_PROTOCOLS_AVAILABLE',
  'ERR_SSL_NO_SUITABLE_KEY_SHARE',
]);
/** Each end has begun as who calls does: a repeater stands between, with clicon= on one of its sides. */
const BOTH_CALL = new Set(['ERR_SSL_UNEXPECTED_MESSAGE', 'ERR_SSL_SSLV3_ALERT_UNEXPECTED_MESSAGE']);
const CLOSED = new Set(['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE']);

/** Why a handshake failed. `error` null: the stream just ended. */
export function tlsFailure(error: Error | null, peer: string, proto: Proto): HawserError {
  if (error instanceof HawserError) return error;
  const { code = '', message = '' } = (error ?? {}) as NodeJS.ErrnoException;
  if (error === null || CLOSED.has(code))
    return connectionErrors.tlsNotSpoken(peer, true, error ?? undefined);
  if (BOTH_CALL.has(code)) return connectionErrors.cliconMismatch(peer, 'caller', error);
  if (NOT_TLS.has(code)) return connectionErrors.tlsNotSpoken(peer, false, error);
  if (VERSIONS.has(code)) return connectionErrors.protoMismatch(peer, proto, otherThan(proto), error);
  // The library's words carry its source's line; the middle part says it.
  const reason = /:SSL routines:[^:]*:([^:]+)/.exec(message)?.[1] ?? (code || message);
  return connectionErrors.tlsFailed(peer, reason, error);
}

/** One that asks for a single version, and finds it missing, has met the only other one that Hawser speaks. */
function otherThan(proto: Proto): Proto | undefined {
  return proto === 'tls1.2' ? 'tls1.3' : proto === 'tls1.3' ? 'tls1.2' : undefined;
}
