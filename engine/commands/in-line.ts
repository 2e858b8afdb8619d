import { HawserError } from '../../transports/errors/error.ts';

/** An error that points into the connection string, pointing into the command line instead. */
export function inLine(error: HawserError, at: number): HawserError {
  const { offset } = error.data;
  if (typeof offset !== 'number') return error;
  return new HawserError(
    error.code,
    error.message,
    error.action,
    { ...error.data, offset: at + offset },
    { cause: error },
  );
}
