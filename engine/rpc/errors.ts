import { ErrorCodes, ResponseError } from 'vscode-jsonrpc/node';
import { connectionErrors } from '../../transports/errors/connection-errors.ts';
import {
  type HawserError,
  isWireError,
  toHawserError,
  type WireError,
} from '../../transports/errors/error.ts';
import { engineErrors } from '../errors.ts';

/** JSON-RPC wants a number; ours are words and travel in `data`. From the range left to applications. */
const HAWSER_ERROR = -32000;

/** For a request handler to throw: the error whole, as `docs/protocol.md` says. */
export function toResponseError(error: unknown): ResponseError<WireError> {
  const own = toHawserError(error);
  return new ResponseError(HAWSER_ERROR, own.message, own.toWire());
}

/** What a failed request rejects with, back as the error it was. */
export function fromResponseError(error: unknown): HawserError {
  if (!(error instanceof ResponseError)) {
    // The library's own ConnectionError: the link went while the answer was awaited.
    if (error instanceof Error && error.name === 'Error' && 'code' in error) {
      return connectionErrors.linkLost('the connection was closed before the answer came', error);
    }
    return toHawserError(error);
  }
  if (isWireError(error.data)) return toHawserError(error.data);
  switch (error.code) {
    case ErrorCodes.PendingResponseRejected:
    case ErrorCodes.MessageWriteError:
      return connectionErrors.linkLost('the connection was closed before the answer came', error);
    case ErrorCodes.MethodNotFound:
    case ErrorCodes.InvalidParams:
      return engineErrors.badRequest(error.message);
    default:
      return connectionErrors.protocolViolation(error.message, error);
  }
}
