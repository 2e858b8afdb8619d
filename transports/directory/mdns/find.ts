import { randomInt } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { GROUP, MDNS_PORT, ownAddresses } from './network.ts';
import { decode, encodeQuery } from './packet.ts';

const LISTEN_MS = 1_000;
const AGAIN_MS = 350;
const LOOKUP_MS = 700;
const MAX_FOUND = 64;

export interface FoundMachine {
  /** What it calls itself. */
  readonly name: string;
  /** What reaches it from here: its name where that is known to be it, or its address. */
  readonly machine: string;
}

/** The machines on the local network that say that they have a directory of servers, in the order of their names. */
export async function findMachines(): Promise<readonly FoundMachine[]> {
  const found = new Map<string, string>();
  const id = randomInt(1, 65_536);
  const sockets = ownAddresses().map((own) => ask(own, id, found));
  await sleep(AGAIN_MS);
  for (const { again } of sockets) again();
  await sleep(LISTEN_MS - AGAIN_MS);
  for (const { socket } of sockets) socket.close();
  const machines = await Promise.all([...found].map(([address, name]) => reachable(name, address)));
  return machines.sort((a, b) => a.name.localeCompare(b.name));
}

function ask(own: string, id: number, found: Map<string, string>): { socket: Socket; again(): void } {
  const socket = createSocket('udp4');
  // A network that is gone in between.
  socket.on('error', () => {});
  socket.on('message', (bytes, { address }) => {
    const packet = decode(bytes);
    const [name] = packet?.response && packet.id === id ? packet.hosts : [];
    if (name !== undefined && found.size < MAX_FOUND) found.set(address, name);
  });
  const send = () => socket.send(encodeQuery(id), MDNS_PORT, GROUP, () => {});
  socket.bind(0, own, () => {
    socket.setMulticastInterface(own);
    send();
  });
  return { socket, again: send };
}

async function reachable(name: string, address: string): Promise<FoundMachine> {
  const late = sleep(LOOKUP_MS, [], { ref: false });
  const known = await Promise.race([lookup(name, { all: true }).catch(() => []), late]);
  return { name, machine: known.some((each) => each.address === address) ? name : address };
}
