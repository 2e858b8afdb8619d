import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { connectionErrors } from '../../transports/errors/connection-errors.ts';
import { toHawserError } from '../../transports/errors/error.ts';
import { agentErrors } from './errors.ts';
import { type HandOver, started } from './hand-over.ts';
import { AGENT_TOOL, ownTool } from './program.ts';

const START_MS = 60_000;
/** More descriptors than this are not looked for: each costs the start a system call. */
const MOST_DESCRIPTORS = 4096;
/** In /proc/PID/fdinfo: closed by the system in whatever is started. Linux' O_CLOEXEC, octal. */
const CLOSED_AT_EXEC = 0o2000000;

/**
 * Starts an agent, hands over what it needs, and waits until its debugger runs. It is in a session of its own: neither the end of
 * this program nor that of its terminal reaches it.
 * @returns its process
 * @throws HawserError `AGENT_NOT_STARTED`, `DEBUGGER_UNUSABLE`, `CANCELLED`
 */
export async function startAgent(hand: HandOver, signal?: AbortSignal): Promise<number> {
  const { file, args, env } = ownTool([AGENT_TOOL]);
  const child = spawnAlone(file, args, env);
  try {
    const answer = await answerOf(child, JSON.stringify(hand), signal);
    const parsed = started.safeParse(answer);
    if (!parsed.success) throw agentErrors.notStarted('its answer cannot be read');
    if ('error' in parsed.data) throw toHawserError(parsed.data.error);
    return parsed.data.pid;
  } catch (error) {
    child.kill('SIGKILL');
    throw toHawserError(error);
  } finally {
    for (const stream of [child.stdin, child.stdout, child.stderr]) stream?.destroy();
    child.unref();
  }
}

/** Holds nothing that its starter inherited: whoever waits for the end of a pipe of the starter's would wait for the agent's. */
function spawnAlone(file: string, args: readonly string[], env: NodeJS.ProcessEnv): ChildProcess {
  // 'ignore' leaves a descriptor above the third as it was inherited.
  const nowhere = openSync('/dev/null', 'r+');
  try {
    const others = Array<number>(Math.max(0, lastInherited() - 2)).fill(nowhere);
    return spawn(file, args, {
      env,
      cwd: '/',
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe', ...others],
    });
  } finally {
    closeSync(nowhere);
  }
}

/**
 * The highest descriptor of ours that a child would have as well. Chromium leaves dozens of them open to what it starts: its
 * driver's pipes, files of the profile. 9 where that cannot be read.
 */
function lastInherited(): number {
  let last = 9;
  try {
    for (const name of readdirSync('/proc/self/fd')) {
      const fd = Number(name);
      if (fd > last && fd < MOST_DESCRIPTORS && isInherited(fd)) last = fd;
    }
  } catch {
    // No /proc: another system.
  }
  return last;
}

function isInherited(fd: number): boolean {
  try {
    const flags = /^flags:\s*([0-7]+)/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8'))?.[1];
    return flags !== undefined && (Number.parseInt(flags, 8) & CLOSED_AT_EXEC) === 0;
  } catch {
    return false;
  }
}

function answerOf(child: ChildProcess, hand: string, signal: AbortSignal | undefined): Promise<unknown> {
  return new Promise((resolve, reject) => {
    let told = '';
    let complaint = '';
    const late = setTimeout(() => reject(agentErrors.notStarted('it does not answer')), START_MS);
    const abort = () => reject(connectionErrors.cancelled());
    const done = () => {
      clearTimeout(late);
      signal?.removeEventListener('abort', abort);
    };
    signal?.addEventListener('abort', abort, { once: true });
    child.once('error', (error) => reject(agentErrors.notStarted(error.message)));
    // Its own words come before its end is known.
    child.once('close', (status) => {
      done();
      reject(agentErrors.notStarted(complaint.trim().split('\n').at(-1) || `it ended with status ${status}`));
    });
    child.stderr?.on('data', (bytes) => {
      complaint = (complaint + String(bytes)).slice(-4096);
    });
    child.stdout?.on('data', (bytes) => {
      told += String(bytes);
      if (!told.includes('\n')) return;
      done();
      resolve(parse(told));
    });
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(`${hand}\n`);
  });
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
