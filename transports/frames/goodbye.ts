import { connectionErrors } from '../errors/connection-errors.ts';
import { HawserError, isWireError } from '../errors/error.ts';
import { seconds } from '../errors/make.ts';
import { type EncodedFrame, encodeFrame, FrameType } from './format.ts';

/** A reason longer than this is a defect or an attack. */
const MAX_REASON_BYTES = 8192;

export function goodbyeFrame(reason: HawserError | undefined): EncodedFrame {
  return encodeFrame(FrameType.goodbye, 0, Buffer.from(reason ? JSON.stringify(reason.toWire()) : ''));
}

/** What the peer gave as its reason; null for none. */
export function readGoodbye(payload: Buffer): HawserError | null {
  if (payload.length === 0) return null;
  if (payload.length <= MAX_REASON_BYTES) {
    try {
      const wire: unknown = JSON.parse(payload.toString('utf8'));
      if (isWireError(wire)) return HawserError.fromWire(wire);
    } catch {
      // Below.
    }
  }
  return connectionErrors.protocolViolation('its goodbye cannot be read');
}

const systemReasons: Readonly<Record<string, string>> = {
  ECONNRESET: 'the connection was reset, by the other end or something between',
  EPIPE: 'the other end has closed the connection',
  ETIMEDOUT: 'the other end no longer answers',
  EHOSTUNREACH: 'the other machine can no longer be reached',
  ENETUNREACH: 'the network can no longer be reached',
  ENETDOWN: 'the network is down',
};

/**
 * The error for a stream that ended without a goodbye.
 * @param silentMs Given when it was the silence that told.
 */
export function linkLostBy(error: Error | null, inFrame: boolean, silentMs?: number): HawserError {
  if (error instanceof HawserError) return error;
  if (silentMs !== undefined)
    return connectionErrors.linkLost(`nothing came from the other end for ${seconds(silentMs)}`);
  if (error) {
    const { code } = error as NodeJS.ErrnoException;
    return connectionErrors.linkLost((code && systemReasons[code]) ?? error.message, error);
  }
  return connectionErrors.linkLost(
    inFrame
      ? 'the connection ended in the middle of a message'
      : 'the connection ended without a goodbye, as when a program is killed',
  );
}
