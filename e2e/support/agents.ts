import { type AgentFacts, listAgents } from '../../hub/agent/registry.ts';
import type { HubAddress } from './hub.ts';

/** The agents on this computer of one hub's sessions. */
export async function agentsOf(hub: HubAddress): Promise<readonly AgentFacts[]> {
  const all = await listAgents();
  return all.filter((agent) => agent.hub === `https://${hub.address}`);
}

/** What a test that failed has left: an agent waits for its hub for ever. */
export async function endAgents(hub: HubAddress): Promise<void> {
  for (const { pid } of await agentsOf(hub)) process.kill(pid, 'SIGKILL');
}
