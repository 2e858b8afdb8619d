import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connectRemote } from '../../engine/client/remote.ts';
import { SessionClient } from '../../engine/client/session-client.ts';
import { createGdbBackend } from '../../engine/gdb/backend.ts';
import { createSession } from '../../engine/session/index.ts';
import type { Stub } from '../../engine/stub/stub.ts';
import type { MessageLink } from '../../transports/message-link.ts';
import { hawser } from './places.ts';

const identity = { host: 'bench', user: 'bench' };

/** A front that keeps the text of the last command only. */
export interface Front {
  readonly client: SessionClient;
  /** Runs a line. @throws when the session says that it failed */
  run(line: string): Promise<void>;
  /** What the last line printed. */
  text(): string;
  /** Characters of it, and how to let go of them. */
  length(): number;
  forget(): void;
  end(): Promise<void>;
}

async function front(link: MessageLink, end: () => Promise<void>): Promise<Front> {
  let text = '';
  const client = new SessionClient(link, {
    event: ({ event }) => {
      if (event.type === 'output') text += event.text;
      if (event.type === 'state' && event.state.progress !== undefined) text += `${event.state.progress}\n`;
    },
    closed: () => undefined,
  });
  await client.attach();
  const run = async (line: string) => {
    text = '';
    const { ok } = await client.execute(line);
    if (!ok) throw new Error(`${line}: ${text}`);
  };
  const forget = () => {
    text = '';
  };
  return { client, run, text: () => text, length: () => text.length, forget, end };
}

/** Where a server's profile is written to, when one is wanted. */
const folder = process.env.BENCH_PROFILE;
const profile = folder ? ['--cpu-prof', '--cpu-prof-interval', '200', '--cpu-prof-dir', folder] : [];

const START = {
  ignoreInitialBreak: false,
  ignoreFinalBreak: true,
  symbolPath: [],
  sourcePath: [],
  commands: '',
  detachAtEnd: false,
  breakOnConnect: false,
};

/** A session in this process. */
export async function localFront(program: string, args: readonly string[] = []): Promise<Front> {
  const session = createSession({ version: 'bench', createBackend: () => createGdbBackend() });
  const made = await front(session.connectLocal(identity), () => session.end('kill'));
  await session.start({ kind: 'launch', program, args }, START);
  return made;
}

/** A session in this process, its target on a stub's machine. */
export async function stubFront(stub: Stub, program: string): Promise<Front> {
  const createBackend = (stub: Stub | null) => createGdbBackend({ stub });
  const session = createSession({ version: 'bench', createBackend });
  const made = await front(session.connectLocal(identity), () => session.end('kill'));
  await session.start({ kind: 'launch', program, args: [], stub }, START);
  return made;
}

export interface ServerProcess {
  readonly child: ChildProcess;
  /** For clients on this machine. */
  readonly connection: string;
  end(): Promise<void>;
}

/**
 * `hawser cdb -server` on loopback, in a process of its own.
 * @param transport what stands in its string beside port and server, `ssl:certuser=lab`
 */
export async function serverProcess(
  program: string,
  args: readonly string[] = [],
  transport = 'tcp:',
): Promise<ServerProcess> {
  const string = (rest: string) => `${transport}${transport.endsWith(':') ? '' : ','}${rest}`;
  const { HAWSER_PASSWORD: _password, ...env } = process.env;
  const server = ['cdb', '-server', string('port=0,bind=127.0.0.1'), '-noio', program, ...args];
  const child = spawn(process.execPath, [...profile, hawser, ...server], {
    stdio: ['pipe', 'ignore', 'pipe'],
    env,
  });
  const end = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    const insist = setTimeout(() => child.kill('SIGKILL'), 5000);
    await gone;
    clearTimeout(insist);
  };
  let said = '';
  for await (const chunk of child.stderr) {
    said += String(chunk);
    const port = /port=(\d+)/i.exec(said)?.[1];
    if (port) return { child, connection: string(`server=127.0.0.1,port=${port}`), end };
  }
  await end();
  throw new Error(`the server did not start:\n${said}`);
}

export function remoteLink(server: ServerProcess): Promise<MessageLink> {
  return connectRemote(server.connection, {
    identity: { ...identity, program: 'bench', version: '0' },
    signal: new AbortController().signal,
    getPassword: () => Promise.reject(new Error('no password was expected')),
  });
}

/** A client of that server. */
export async function remoteFront(server: ServerProcess): Promise<Front> {
  const link = await remoteLink(server);
  return front(link, () => server.end());
}
