import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { agentErrors } from './errors.ts';

/** The hidden tool of `hawser` that is the agent. */
export const AGENT_TOOL = 'hosted-agent';

export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

/**
 * A tool of Hawser as a process of its own, run by what runs this one: Node, or Electron as Node. Tools that are started so
 * take that last part out of their environment again.
 * @throws HawserError `AGENT_NOT_BUILT`
 */
export function ownTool(args: readonly string[]): Command {
  const env = { ...process.env, ...('electron' in process.versions && { ELECTRON_RUN_AS_NODE: '1' }) };
  // From the sources, dist/tools and dist/main alike.
  const script = resolve(import.meta.dirname, '../../tools/run.mjs');
  const built = resolve(script, '../../dist/tools/hawser.js');
  for (const path of [script, built]) if (!existsSync(path)) throw agentErrors.notBuilt(path);
  return { file: process.execPath, args: [script, ...args], env };
}
