import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, connect as dial, type Socket } from 'node:net';
import { hawser } from './places.ts';

export interface Running {
  readonly child: ChildProcess;
  readonly port: number;
  end(): Promise<void>;
}

/** Ends with SIGTERM, and when it does not, with SIGKILL. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  const insist = setTimeout(() => child.kill('SIGKILL'), 5000);
  await gone;
  clearTimeout(insist);
}

/** Starts a server and waits until what it says holds its port. */
async function start(program: string, args: readonly string[], port: RegExp): Promise<Running> {
  const { HAWSER_PASSWORD: _password, ...env } = process.env;
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env });
  let said = '';
  const found = await new Promise<string>((resolve, reject) => {
    const hear = (chunk: Buffer) => {
      said += chunk;
      const match = port.exec(said)?.[1];
      if (match !== undefined) resolve(match);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`${program} ended:\n${said}`)));
  });
  return { child, port: Number(found), end: () => end(child) };
}

/** The anchor's server: gdbserver itself, with a program, `--attach PID` or `--multi`. */
export function gdbserver(...args: readonly string[]): Promise<Running> {
  const options = args.filter((arg) => arg.startsWith('--'));
  return start(
    'gdbserver',
    [...options, '127.0.0.1:0', ...args.slice(options.length)],
    /Listening on port (\d+)/,
  );
}

/** A process server in a process of its own. */
export const processServer = (): Promise<Running> =>
  start(process.execPath, [hawser, 'dbgsrv', '-t', 'tcp:port=0,bind=127.0.0.1'], /port=(\d+)/i);

/** A program that waits for whoever attaches to it; it is ready when it has said so. */
export async function waiting(program: string): Promise<Running> {
  return start(program, [], /ready as (\d+)/);
}

/** A line of that length between here and a port: everything arrives so much later, each way half of it. */
export async function longLine(port: number, roundTripMs: number): Promise<{ port: number; end(): void }> {
  const sockets = new Set<Socket>();
  const pass = (from: Socket, to: Socket) => {
    sockets.add(from);
    from.on('data', (chunk) => setTimeout(() => to.write(chunk), roundTripMs / 2));
    from.on('close', () => setTimeout(() => to.destroy(), roundTripMs / 2));
    from.on('error', () => {});
  };
  const server = createServer({ noDelay: true }, (here) => {
    const there = dial({ port, host: '127.0.0.1', noDelay: true });
    pass(here, there);
    pass(there, here);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port: own } = server.address() as { port: number };
  return {
    port: own,
    end: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
