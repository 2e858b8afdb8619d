import { createHash } from 'node:crypto';
import { lstat, readdir, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { z } from '../../transports/zod.ts';
import { agentErrors } from './errors.ts';
import { agentFolders } from './places.ts';

/** What an agent says of itself. No secret is among it. */
const facts = z.object({
  session: z.string(),
  name: z.string(),
  hub: z.string(),
  pid: z.number(),
  /** Process of the debugger; null: it has ended. */
  debugger: z.number().nullable(),
  /** Command line, without password. */
  command: z.string(),
  since: z.number(),
  /** running; ending: the debugger has been told to; delivering: it has ended, what it wrote is on its way to the hub. */
  state: z.enum(['running', 'ending', 'delivering']),
  link: z.enum(['up', 'lost']),
  /** Entries and bytes that the hub does not have yet. */
  waiting: z.object({ entries: z.number(), bytes: z.number() }),
});

export type AgentFacts = z.infer<typeof facts>;

/** What an agent is asked through its socket, one line of JSON, answered by one. */
export const question = z.object({
  ask: z.enum(['facts', 'stop']),
  /** stop: what is not delivered yet is given up. */
  now: z.boolean().optional(),
});

export type Question = z.infer<typeof question>;

const LONGEST_ANSWER = 64 << 10;
const ANSWER_MS = 5000;

/** Name of the socket of a session's agent. */
export function socketName(hub: string, session: string): string {
  return `${createHash('sha256').update(`${hub}\n${session}`).digest('hex').slice(0, 16)}.sock`;
}

/** The agents of this user on this computer. Those that do not answer are left out; sockets of dead ones are cleared away. */
export async function listAgents(): Promise<readonly AgentFacts[]> {
  const found = await Promise.all((await sockets()).map((path) => factsOf(path).catch(() => null)));
  return found.filter((each) => each !== null).sort((a, b) => a.since - b.since);
}

/**
 * Stops an agent: its debugger is ended, leaving the session at the other end of a `-remote` alone, and the hosted session is
 * terminated by 'agent'. Resolves when the hub has everything.
 * @param id of the session, or a part of it that is the only one's, or the process
 * @param now do not wait for the hub: what it does not have is given up
 * @throws HawserError `NO_SUCH_AGENT`, `AGENT_SILENT`
 */
export async function stopAgent(id: string, now = false, signal?: AbortSignal): Promise<AgentFacts> {
  const all = await listAgents();
  const exact = all.filter((each) => each.session === id || String(each.pid) === id);
  const fitting = exact.length > 0 ? exact : all.filter((each) => each.session.startsWith(id));
  const [agent] = fitting;
  if (!agent || fitting.length !== 1 || id === '') throw agentErrors.noAgent(id);
  for (const folder of agentFolders()) {
    const path = join(folder, socketName(agent.hub, agent.session));
    const answer = await ask(path, { ask: 'stop', now }, signal).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ECONNREFUSED') return null;
      throw agentErrors.agentSilent(id, error.message);
    });
    if (answer !== null) return agent;
  }
  throw agentErrors.agentSilent(id, 'it has just ended');
}

async function factsOf(path: string): Promise<AgentFacts | null> {
  try {
    const answer = await ask(path, { ask: 'facts' }, AbortSignal.timeout(ANSWER_MS));
    return facts.safeParse(answer).data ?? null;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ECONNREFUSED') await rm(path, { force: true });
    return null;
  }
}

async function sockets(): Promise<readonly string[]> {
  const paths: string[] = [];
  for (const folder of agentFolders()) {
    const found = await lstat(folder).catch(() => null);
    // A folder that is not one's own is somebody's trap.
    if (!found?.isDirectory() || found.uid !== process.getuid?.()) continue;
    const names = await readdir(folder).catch(() => []);
    paths.push(...names.filter((name) => name.endsWith('.sock')).map((name) => join(folder, name)));
  }
  return paths;
}

function ask(path: string, what: Question, signal?: AbortSignal): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    let answer = '';
    const abort = () => socket.destroy(new Error('it takes too long'));
    signal?.addEventListener('abort', abort, { once: true });
    socket.setEncoding('utf8');
    socket.on('connect', () => socket.write(`${JSON.stringify(what)}\n`));
    socket.on('data', (text: string) => {
      answer += text;
      if (answer.length > LONGEST_ANSWER) socket.destroy(new Error('its answer is too long'));
    });
    socket.on('error', reject);
    socket.on('close', () => {
      signal?.removeEventListener('abort', abort);
      try {
        resolve(JSON.parse(answer));
      } catch {
        reject(new Error('it went without an answer'));
      }
    });
  });
}
