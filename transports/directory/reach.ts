import { isLoopback } from '../connection-string/hosts.ts';
import { formatListing, type ServerString } from '../connection-string.ts';
import type { ServerRegistration } from './messages.ts';

type Listed = Pick<ServerRegistration, 'connection' | 'reach'>;

/** How a server is listed; null when it is not: it is hidden, or calls its client itself. */
export function listingOf(bound: ServerString): Listed | null {
  if ('hidden' in bound && bound.hidden) return null;
  if ('clicon' in bound && bound.clicon !== undefined) return null;
  return { connection: formatListing(bound), reach: reachOf(bound) };
}

/** A pipe reaches other machines through its owner, who relays only where a password or a certificate guards it. */
function reachOf(bound: ServerString): Listed['reach'] {
  if ('pipe' in bound) return isGuarded(bound) ? 'network' : 'machine';
  if ('bind' in bound && bound.bind !== undefined && isLoopback(bound.bind)) return 'machine';
  return 'port' in bound && typeof bound.port === 'object' ? 'network' : 'machine';
}

export function isGuarded(bound: ServerString): boolean {
  const protocol: string = bound.protocol;
  return bound.password !== undefined || protocol === 'spipe' || protocol === 'ssl';
}
