import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { toHawserError } from '../../transports/errors/error.ts';
import type { HostKeys } from '../client/keys.ts';
import { parseFragment } from '../client/links.ts';
import { HostedAgent } from './agent.ts';
import { agentErrors } from './errors.ts';
import { type HandOver, handOver } from './hand-over.ts';
import { AgentLog } from './log.ts';
import { stateFolder } from './places.ts';
import { socketName } from './registry.ts';

/**
 * The agent's process: takes what it needs from standard input, says on standard output that the debugger runs, and lets go of
 * both. @returns the exit status
 */
export async function runAgent(): Promise<number> {
  // Terminals and windows may go; it was started to outlive them.
  for (const signal of ['SIGHUP', 'SIGINT', 'SIGPIPE'] as const) process.on(signal, () => undefined);
  let agent: HostedAgent;
  let log: AgentLog;
  let folder: string;
  try {
    const { hand, keys } = readHandOver();
    const name = socketName(hand.hub, hand.session).replace('.sock', '');
    folder = join(stateFolder(), name);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    log = new AgentLog(`${folder}.log`);
    agent = await HostedAgent.start({ hand, keys, folder, log });
  } catch (error) {
    writeSync(1, `${JSON.stringify({ error: toHawserError(error).toWire() })}\n`);
    return 1;
  }
  onSignals(agent);
  writeSync(1, `${JSON.stringify({ pid: process.pid })}\n`);
  letGo(log.path);
  await agent.over;
  rmSync(folder, { recursive: true, force: true });
  log.write('over');
  return 0;
}

function readHandOver(): { hand: HandOver; keys: HostKeys } {
  let hand: HandOver;
  try {
    hand = handOver.parse(JSON.parse(readFileSync(0, 'utf8')));
  } catch {
    throw agentErrors.badHandOver();
  }
  const keys = parseFragment(hand.fragment);
  if (keys.role !== 'host') throw agentErrors.badHandOver();
  return { hand, keys };
}

/** The second time it does not wait for the hub any more. */
function onSignals(agent: HostedAgent): void {
  let asked = false;
  process.on('SIGTERM', () => {
    void agent.stop('SIGTERM', asked);
    asked = true;
  });
}

/** Standard input and output to nowhere, standard error, for what nobody foresaw, to the log: nothing hangs on who started it. */
function letGo(log: string): void {
  for (const [file, path, flags] of [
    [0, '/dev/null', 'r'],
    [1, '/dev/null', 'w'],
    [2, log, 'a'],
  ] as const) {
    closeSync(file);
    // The system gives the lowest number that is free: the one that was closed.
    openSync(path, flags, 0o600);
  }
}
