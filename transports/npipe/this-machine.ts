import { lookup } from 'node:dns/promises';
import { hostname, networkInterfaces } from 'node:os';
import { isLoopback } from '../connection-string/hosts.ts';
import { connectionErrors } from '../errors/connection-errors.ts';

/** Whether a name or address is one of this machine's, whatever network it is asked on. Null: nobody knows the name. */
export async function isThisMachine(name: string): Promise<boolean | null> {
  const host = name.toLowerCase().replace(/\.$/, '');
  if (host === '' || isLoopback(host) || isOwnName(host) || isOwnAddress(host)) return true;
  const addresses = await lookup(host, { all: true }).catch(() => null);
  return addresses ? addresses.some(({ address }) => isOwnAddress(address)) : null;
}

/** @throws HawserError `HOST_NOT_FOUND` */
export async function isThisMachineOrThrow(name: string): Promise<boolean> {
  const found = await isThisMachine(name);
  if (found === null) throw connectionErrors.hostNotFound(name);
  return found;
}

export function isOwnAddress(address: string): boolean {
  const plain = address.toLowerCase().replace(/^::ffff:(?=\d+\.)/, '');
  if (isLoopback(plain)) return true;
  return Object.values(networkInterfaces()).some((list) => list?.some((own) => own.address === plain));
}

function isOwnName(host: string): boolean {
  const own = hostname().toLowerCase();
  return host === own || host === own.split('.')[0];
}
