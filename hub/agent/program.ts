import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { agentErrors } from './errors.ts';

/** The hidden tool of `hawser` that is the agent. */
export const AGENT_TOOL = 'hosted-agent';

export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

/**
 * A tool of Hawser as a process of its own. From an installed package it is the console program there, whose window's program
 * does nothing else (its fuses are set so); otherwise it is run by what runs this one: Node, or Electron as Node. Tools that
 * are started so take that last part out of their environment again.
 * @throws HawserError `AGENT_NOT_BUILT`
 */
export function ownTool(args: readonly string[]): Command {
  const alone = consoleProgram();
  if (alone !== null) return { file: alone, args, env: process.env };
  const env = { ...process.env, ...('electron' in process.versions && { ELECTRON_RUN_AS_NODE: '1' }) };
  // From the sources, dist/tools and dist/main alike.
  const script = resolve(import.meta.dirname, '../../tools/run.mjs');
  const built = resolve(script, '../../dist/tools/hawser.js');
  for (const path of [script, built]) if (!existsSync(path)) throw agentErrors.notBuilt(path);
  return { file: process.execPath, args: [script, ...args], env };
}

/** The console program as one executable: the one that runs, or the one in the package; null in a checkout. */
function consoleProgram(): string | null {
  if (process.getBuiltinModule('node:sea')?.isSea()) return process.execPath;
  // Electron's.
  const { resourcesPath } = process as { readonly resourcesPath?: string };
  if (resourcesPath === undefined) return null;
  const name = process.platform === 'win32' ? 'hawser.exe' : 'hawser';
  const path = join(resourcesPath, name);
  return existsSync(path) ? path : null;
}
