import type { ConnectionErrorCode } from './codes.ts';
import { HawserError } from './error.ts';

/** A HawserError whose code is of the closed set. */
export function make(
  code: ConnectionErrorCode,
  message: string,
  action = '',
  data: Readonly<Record<string, unknown>> = {},
  cause?: unknown,
): HawserError {
  return new HawserError(code, message, action, data, cause === undefined ? undefined : { cause });
}

/** `host:port` as people write it; IPv6 literals in brackets. */
export function endpoint(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** `15 seconds`, `1 second`, `0.5 seconds`. */
export function seconds(ms: number): string {
  const count = Math.round(ms / 100) / 10;
  return `${count} ${count === 1 ? 'second' : 'seconds'}`;
}
