import { type AgentFacts, listAgents, stopAgent } from '../../hub/agent/registry.ts';
import { UsageError } from '../cli/options.ts';
import { table, time } from './text.ts';

/** `hawser hub agents`: the hosted sessions whose debuggers this user runs on this computer. */
export async function agents(words: readonly string[]): Promise<number> {
  if (words.length > 0) throw new UsageError('hub agents takes nothing more.');
  process.stdout.write(`${agentTable(await listAgents())}\n`);
  return 0;
}

/** `hawser hub stop SESSION [-now]` */
export async function stop(words: readonly string[], now: boolean): Promise<number> {
  const [id, ...more] = words;
  if (id === undefined || more.length > 0)
    throw new UsageError('hub stop takes the id of a session, or of its agent’s process.');
  const agent = await stopAgent(id, now);
  process.stdout.write(`Stopped ${agent.session}: its debugger has ended, the session is terminated.\n`);
  return 0;
}

function agentTable(all: readonly AgentFacts[]): string {
  if (all.length === 0) return 'No agent of a hosted session runs here for you.';
  return table(
    ['Session', 'Name', 'Process', 'Since', 'Hub', 'State', 'Debugger'],
    all.map((each) => [
      each.session,
      each.name,
      String(each.pid),
      time(each.since),
      `${each.hub} (${each.link === 'up' ? 'connected' : 'away'})`,
      stateOf(each),
      each.command,
    ]),
  );
}

function stateOf({ state, waiting }: AgentFacts): string {
  const behind = waiting.bytes > 0 ? `, ${Math.ceil(waiting.bytes / 1024)} KiB to deliver` : '';
  return `${state}${behind}`;
}
