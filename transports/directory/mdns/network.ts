import { BlockList } from 'node:net';
import { networkInterfaces } from 'node:os';

export const GROUP = '224.0.0.251';
export const MDNS_PORT = 5353;

/** This machine's IPv4 addresses on networks, one for each. */
export function ownAddresses(): readonly string[] {
  return ownNetworks().map(({ address }) => address);
}

/** Whether an address is on one of this machine's own networks: no others are answered. */
export function isNear(address: string): boolean {
  const near = new BlockList();
  for (const own of ownNetworks()) near.addSubnet(own.address, prefixOf(own.cidr), 'ipv4');
  return near.check(address, 'ipv4');
}

function ownNetworks() {
  return Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal);
}

function prefixOf(cidr: string | null): number {
  const prefix = Number(cidr?.split('/')[1]);
  return Number.isInteger(prefix) ? prefix : 32;
}
