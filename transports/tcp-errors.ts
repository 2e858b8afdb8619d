import type { PortRange } from './connection-string.ts';
import { connectionErrors } from './errors/connection-errors.ts';
import { HawserError } from './errors/error.ts';
import { endpoint } from './errors/make.ts';

const NOT_FOUND = new Set([
  'ENOTFOUND',
  'EAI_AGAIN',
  'EAI_NODATA',
  'EAI_NONAME',
  'EAI_ADDRFAMILY',
  'ENODATA',
]);
const NO_ROUTE = new Set([
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
  'ENETDOWN',
  'EADDRNOTAVAIL',
  'EAFNOSUPPORT',
]);
const TIMED_OUT = new Set(['ETIMEDOUT', 'ERR_SOCKET_CONNECTION_TIMEOUT']);
/** Of several addresses' failures, the one that tells most: somebody answered, then nobody did, then no way. */
const TELLING = [['ECONNREFUSED'], ['ECONNRESET'], [...TIMED_OUT], [...NO_ROUTE]].map(
  (codes) => new Set(codes),
);

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException | undefined)?.code ?? '';

/** The system's errors at connecting, one for each address that was tried, as one of ours. */
export function connectError(
  errors: readonly Error[],
  host: string,
  port: number,
  timeoutMs: number,
): HawserError {
  const cause = mostTelling(errors);
  const code = codeOf(cause);
  if (NOT_FOUND.has(code)) return connectionErrors.hostNotFound(host, cause);
  if (code === 'ECONNREFUSED') return connectionErrors.refused(host, port, cause);
  if (NO_ROUTE.has(code)) return connectionErrors.noRoute(host, port, cause);
  if (TIMED_OUT.has(code)) return connectionErrors.timedOut(host, port, timeoutMs, cause);
  return connectionErrors.connectFailed(endpoint(host, port), reasonOf(cause), cause);
}

function mostTelling(errors: readonly Error[]): Error | undefined {
  for (const codes of TELLING) {
    const found = errors.find((each) => codes.has(codeOf(each)));
    if (found) return found;
  }
  return errors[0];
}

/** Trouble with this one port: another may do. */
export function isPortTrouble(error: unknown): boolean {
  const code = codeOf(error);
  return code === 'EADDRINUSE' || code === 'EACCES' || code === 'EPERM';
}

export interface ListenTarget {
  readonly port: PortRange;
  readonly bind?: string;
  readonly ipv6?: true;
}

/** The system's error at listening, as ours. `port` is the one tried last. */
export function listenError(error: unknown, target: ListenTarget, port: number): HawserError {
  if (error instanceof HawserError) return error;
  const { low, high } = target.port;
  const where = target.bind ?? (target.ipv6 ? '::' : 'any address');
  switch (codeOf(error)) {
    case 'EADDRINUSE':
      return connectionErrors.portInUse(low, high, error);
    case 'EACCES':
    case 'EPERM':
      return connectionErrors.portNotPermitted(port, error);
    case 'EADDRNOTAVAIL':
    case 'EAFNOSUPPORT':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EINVAL':
      return connectionErrors.addressNotAvailable(where, error);
    default:
      return connectionErrors.listenFailed(endpoint(where, port), reasonOf(error), error);
  }
}

/** The system's words without the call in front: `connect ECONNREFUSED …` says it worse than its code does. */
function reasonOf(error: unknown): string {
  const code = codeOf(error);
  const message = error instanceof Error ? error.message : String(error);
  return code && !message.includes(code) ? `${message} (${code})` : message;
}
