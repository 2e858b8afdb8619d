import { DirectoryAgent, type Registered, type Registering } from './agent.ts';
import { directoryPort } from './port.ts';

/** This process's part in its machine's directory; one for each port, which changes in tests only. */
const agents = new Map<number, DirectoryAgent>();

const nowhere: Registered = { settled: Promise.resolve(), close: () => Promise.resolve() };

/** Puts a server into the directory of this machine, unless that is turned off. Never fails: see `trouble`. */
export function registerServer(entry: Registering): Registered {
  const port = directoryPort();
  if (port === null) return nowhere;
  const agent = agents.get(port) ?? new DirectoryAgent(port);
  agents.set(port, agent);
  return agent.register(entry);
}

export type { OpenRelay, Registered, Registering } from './agent.ts';
export { connectionTo, type ListOptions, listServers, plainMachine, queryMachine } from './list.ts';
export { wantAnnouncing } from './mdns/announcer.ts';
export { type FoundMachine, findMachines } from './mdns/find.ts';
export type { ListedKind, ListedServer, ServerRegistration } from './messages.ts';
export { DEFAULT_DIRECTORY_PORT, directoryPort } from './port.ts';
export { listingOf } from './reach.ts';
export { openRelay } from './relay.ts';
