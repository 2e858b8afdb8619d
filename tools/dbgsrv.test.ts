import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { privatePort } from '../transports/directory/testing/port.ts';
import { ConsoleProcess, runConsole } from './testing/console-process.ts';
import { ticker } from './testing/programs.ts';

const PATIENT = { timeout: 30_000 };
const running: ConsoleProcess[] = [];
const children: ChildProcess[] = [];
const pids: number[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  // First: they hold the server's standard output.
  for (const pid of pids.splice(0)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended.
    }
  }
  for (const each of running.splice(0)) {
    each.kill('SIGTERM');
    await each.exited();
  }
});

async function serve(...more: string[]) {
  return serveIn({}, ...more);
}

async function serveIn(env: Record<string, string>, ...more: string[]) {
  const server = new ConsoleProcess(['dbgsrv', '-t', 'tcp:port=0,bind=127.0.0.1', ...more], env);
  running.push(server);
  const [, port = ''] = await server.see(/-premote tcp:Port=(\d+),Server=localhost\n/);
  return { server, port, to: ['-premote', `tcp:server=127.0.0.1,port=${port}`] };
}

async function tick(): Promise<number> {
  const child = spawn(ticker(), [], { stdio: ['ignore', 'pipe', 'ignore'] });
  children.push(child);
  await new Promise((resolve) => child.stdout.once('data', resolve));
  child.stdout.resume();
  return child.pid ?? 0;
}

function status(pid: number): { state: string; tracer: number } {
  const text = readFileSync(`/proc/${pid}/status`, 'utf8');
  const line = (name: string) => new RegExp(`^${name}:\\s*(\\S+)`, 'm').exec(text)?.[1] ?? '';
  return { state: line('State'), tracer: Number(line('TracerPid')) };
}

/** Nobody has it, and it goes on doing its work. */
async function expectRunning(pid: number): Promise<void> {
  await expect.poll(() => status(pid).tracer, { timeout: 30_000 }).toBe(0);
  const switches = () =>
    Number(/^voluntary_ctxt_switches:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  const before = switches();
  await expect.poll(switches, PATIENT).toBeGreaterThan(before + 10);
}

describe('hawser dbgsrv', () => {
  it('is listed as a process server, and ends at SIGTERM', async () => {
    const env = { HAWSER_DIRECTORY_PORT: String(await privatePort()) };
    const { server, port } = await serveIn(env);
    const { stdout } = await runConsole(['cdb', '-QR', 'localhost'], [], env);
    expect(stdout).toContain(`Remote Process Server - tcp:Port=${port}\n`);
    server.kill('SIGTERM');
    expect(await server.exited()).toBe(0);
    expect(server.stderr).toBe('');
  });

  it('starts a program that outlives it (-c)', async () => {
    const { server } = await serve('-c', ticker(), 'a b');
    const pid = Number((await server.see(/Process (\d+) runs/))[1]);
    pids.push(pid);
    const ended = new Promise((resolve) => server.child.once('exit', resolve));
    server.kill('SIGTERM');
    expect(await ended).toBe(0);
    expect(readFileSync(`/proc/${pid}/cmdline`, 'utf8')).toBe(`${ticker()}\0a b\0`);
    await expectRunning(pid);
  });

  it('starts a program suspended, which runs when a debugger lets it (-cs)', async () => {
    const { server, to } = await serve('-sifeo', 'ticker', '-cs', `${ticker()} one "a b"`);
    const pid = Number((await server.see(/Process (\d+) is suspended/))[1]);
    pids.push(pid);
    expect(server.stderr).toMatch(/^-sifeo ticker: nothing to do/);
    await expect.poll(() => status(pid), PATIENT).toEqual({ state: 'T', tracer: 0 });
    expect(readFileSync(`/proc/${pid}/cmdline`, 'utf8')).toBe(`${ticker()}\0one\0a b\0`);
    const { stdout } = await runConsole(
      ['cdb', ...to, '-p', String(pid)],
      ['bp ticker!tick', 'g', 'bc *', 'qd'],
    );
    expect(stdout).toContain('Breakpoint 0 hit');
    expect(stdout).not.toContain('SIGSTOP');
    await expectRunning(pid);
  });

  it('is used by a plain gdb, its program’s output included (-gdb)', async () => {
    const { server } = await serve('-gdb', '127.0.0.1:0');
    const [, port = ''] = await server.see(/target extended-remote localhost:(\d+)/);
    const commands = [
      'set sysroot',
      `target extended-remote 127.0.0.1:${port}`,
      `file ${ticker()}`,
      `set remote exec-file ${ticker()}`,
      'set args one "two words"',
      'break tick if n > 5',
      'run',
      'print n',
      'kill',
    ].flatMap((command) => ['-ex', command]);
    const said = spawnSync('gdb', ['-nx', '-batch', ...commands], { encoding: 'utf8' });
    expect(said.stdout).toContain('$1 = 6');
    // Where GDB puts a target's output.
    expect(said.stderr).toContain('ticker starts with 2 arguments');
    // A page in somebody's browser cannot speak to it.
    const socket = connect(Number(port), '127.0.0.1');
    let heard = '';
    socket.on('data', (bytes) => (heard += bytes));
    socket.on('error', () => undefined);
    socket.write('POST / HTTP/1.0\r\n\r\n$qSupported#37');
    await new Promise((resolve) => socket.once('close', resolve));
    expect(heard).toBe('');
  });

  it('lets go what a client that vanished had, after the resume window', async () => {
    const { to } = await serve('-resume', '1');
    const pid = await tick();
    const client = new ConsoleProcess(['cdb', ...to, '-p', String(pid)]);
    client.type('bu ticker!nothing', 'bp ticker!main', 'g');
    await client.see(/> g\n/);
    const { tracer } = status(pid);
    expect(tracer).toBeGreaterThan(0);
    client.kill('SIGKILL');
    await client.exited();
    await expectRunning(pid);
  });

  it('killed, leaves what its clients debug running all the same', async () => {
    const { server, to } = await serve();
    const pid = await tick();
    const client = new ConsoleProcess(['cdb', ...to, '-p', String(pid)]);
    running.push(client);
    client.type('bp ticker!main', 'g');
    await client.see(/> g\n/);
    const { tracer } = status(pid);
    server.kill('SIGKILL');
    await expectRunning(pid);
    const left = () =>
      execFileSync('ps', ['-o', 'pid=', '-p', `${tracer},1`])
        .toString()
        .trim();
    await expect.poll(left, PATIENT).toBe('1');
  });

  it.each([
    [[], /Give -t/],
    [['-T', 'tcp:port=0'], /Case matters here: -t/],
    [['-t', 'tcp:port=0', './program'], /goes behind -c/],
    [['-t', 'tcp:port=0', '-pc'], /'-pc' needs a command line/],
    [['-t', 'tcp:port=0', '-c'], /'-c' needs a command line/],
    [['-t', 'tcp:port=0', '-sifeo', 'x'], /-sifeo goes with -c/],
    [['-t', 'tcp:port=0', '-idle', '0'], /-idle takes a number from 1/],
    [['-t', 'tcp:port=0', '-gdb', '192.0.2.1:1'], /listens on this machine only.*ssh -L 1:localhost:1/],
  ])('refuses %j with status 2', async (args, message) => {
    const { status: code, stderr } = await runConsole(['dbgsrv', ...args]);
    expect(stderr).toMatch(message);
    expect(code).toBe(2);
  });

  it('says what it lacks: gdbserver, or the program to start', async () => {
    const missing = await runConsole(['dbgsrv', '-t', 'tcp:port=0,bind=127.0.0.1', '-gdbserver', '/nowhere']);
    expect([missing.status, missing.stderr]).toEqual([
      1,
      expect.stringContaining('apt-get install gdbserver'),
    ]);
    const program = await runConsole(['dbgsrv', '-t', 'tcp:port=0,bind=127.0.0.1', '-c', './nowhere']);
    expect([program.status, program.stderr]).toEqual([1, expect.stringContaining("Cannot run './nowhere'")]);
  });
});
