import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { promisify } from 'node:util';
import { endAfterTests } from '../../gdb/testing/ends.ts';

const run = promisify(execFile);
const started: ChildProcess[] = [];

endAfterTests('process', async () => {
  for (const child of started.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
});

export interface RunningStub {
  readonly port: number;
  readonly process: ChildProcess;
  /** Both its outputs so far. */
  said(): string;
}

/** Starts a program that is ended after the test, and waits until its output holds a text, if there is one to wait for. */
async function start(command: string, args: readonly string[], ready: RegExp | null): Promise<RunningStub> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  started.push(child);
  let said = '';
  await new Promise<void>((resolve, reject) => {
    const hear = (chunk: Buffer) => {
      said += chunk;
      if (ready?.test(said)) resolve();
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    if (!ready) resolve();
    child.on('error', reject);
    child.on('exit', () => reject(new Error(`${command} ended: ${said}`)));
  });
  return { port: Number(ready?.exec(said)?.[1] ?? 0), process: child, said: () => said };
}

/** `args`: a program and its arguments, `--attach PID` or `--multi`. */
export function gdbserver(...args: string[]): Promise<RunningStub> {
  const options = args.filter((arg) => /^--(multi|attach|once)$/.test(arg));
  const rest = args.slice(options.length);
  return start('gdbserver', [...options, '127.0.0.1:0', ...rest], /Listening on port (\d+)/);
}

/** LLDB's own stub; it names no port of its choosing, so it is given one. */
export async function lldbServer(...args: string[]): Promise<RunningStub> {
  const port = await freePort();
  const stub = await start('lldb-server', ['gdbserver', `127.0.0.1:${port}`, ...args], null);
  await listening(port);
  return { ...stub, port };
}

/** A PC without a disk, stopped before its first instruction. */
export async function qemu(): Promise<RunningStub> {
  const port = await freePort();
  const quiet = ['-display', 'none', '-serial', 'none', '-monitor', 'stdio', '-m', '32', '-nodefaults'];
  const stub = await start('qemu-system-x86_64', ['-S', '-gdb', `tcp:127.0.0.1:${port}`, ...quiet], /QEMU/);
  await listening(port);
  return { ...stub, port };
}

/** A program under valgrind, reached through its relay. */
export async function valgrind(program: string): Promise<RunningStub> {
  const target = await start('valgrind', ['--vgdb=yes', '--vgdb-error=0', program], /--pid=(\d+)/);
  const port = await freePort();
  const relay = await start(
    'vgdb',
    [`--pid=${target.port}`, `--port=${port}`, '--wait=20'],
    /listening on port/,
  );
  await listening(port);
  return { ...relay, port };
}

export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** Waits until somebody listens, without taking the one connection that a stub takes. */
async function listening(port: number): Promise<void> {
  while (!(await listens(port))) await new Promise((resolve) => setTimeout(resolve, 20));
}

async function listens(port: number): Promise<boolean> {
  const { stdout } = await run('cat', ['/proc/net/tcp']);
  const own = port.toString(16).toUpperCase().padStart(4, '0');
  return stdout.split('\n').some((line) => new RegExp(`^ *\\d+: \\w+:${own} \\S+ 0A `).test(line));
}

/** A real GDB, driven by commands, through a socket. */
export async function gdb(socket: string, ...commands: string[]): Promise<string> {
  // Files of this machine, which is the stub's as well.
  const all = [
    'set debuginfod enabled off',
    'set sysroot /',
    `target extended-remote ${socket}`,
    ...commands,
  ];
  const args = ['-nx', '-q', '-batch', ...all.flatMap((line) => ['-ex', line])];
  const { stdout, stderr } = await run('gdb', args, { maxBuffer: 64 << 20 }).catch(
    (error: { stdout: string; stderr: string }) => error,
  );
  return `${stdout}${stderr}`;
}
