import { HawserError, toHawserError } from '../../../transports/errors/error.ts';

/** The error with the text that its offset is of, unless it knows one already. */
export function located(thrown: unknown, line: string): HawserError {
  const error = toHawserError(thrown);
  if (typeof error.data.offset !== 'number' || error.data.line !== undefined) return error;
  return new HawserError(error.code, error.message, error.action, { ...error.data, line }, { cause: error });
}
