import { type ChildProcess, spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { endRunning } from '../engine/gdb/testing/programs.ts';
import { gdbserver } from '../engine/stub/testing/stubs.ts';
import { ConsoleProcess, runConsole } from './testing/console-process.ts';
import { ticker } from './testing/programs.ts';

const folder = mkdtempSync(join(tmpdir(), 'hawser-premote-'));
const children: ChildProcess[] = [];
const servers: ConsoleProcess[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.kill('SIGTERM');
    await server.exited();
  }
  // What a stub had before goes on when it is let go.
  endRunning(ticker());
});
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

/** A process whose program has this name. */
async function called(name: string): Promise<number> {
  const path = join(mkdtempSync(join(folder, 'p-')), name);
  copyFileSync(ticker(), path);
  const child = spawn(path, [], { stdio: ['ignore', 'pipe', 'ignore'] });
  children.push(child);
  await new Promise((resolve) => child.stdout?.once('data', resolve));
  return child.pid ?? 0;
}

describe('hawser cdb -pn', () => {
  it('attaches to the process of that name', async () => {
    const pid = await called(`only-${process.pid}`);
    const { stdout, status } = await runConsole(['cdb', '-pn', `only-${process.pid}`], ['qd']);
    expect(stdout).toContain(`Attached to process ${pid}`);
    expect(status).toBe(0);
  });

  it('names them when there are several, and says so when there is none', async () => {
    const name = `twin-${process.pid}`;
    const pids = [await called(name), await called(name)].sort((a, b) => a - b);
    const many = await runConsole(['cdb', '-pn', name]);
    expect(many.stderr).toContain(`2 processes are called '${name}': ${pids.join(', ')}.`);
    expect(many.status).toBe(1);
    const none = await runConsole(['cdb', '-pn', 'no-such-name']);
    expect(none.stderr).toContain("There is no process called 'no-such-name'");
    expect(none.status).toBe(1);
  });
});

describe('the command line of hawser cdb -premote', () => {
  const server = ['-premote', 'tcp:server=127.0.0.1,port=1'];
  it.each([
    [[...server], /Nothing to debug behind the process server/],
    [[...server, '-z', 'core'], /Process servers do not serve core files/],
    [[...server, '-cimp', './program'], /With -cimp give no program/],
    [['-remote', 'tcp:server=x,port=1', ...server], /one of -remote .* and -premote/],
    [['-cimp', './program'], /-cimp goes with -premote/],
    [['-p', '1', '-pn', 'x'], /one of a program, -p, -pn and -z/],
    [['-pvr', '-p', '1'], /'-pvr' is not available: .*Use -pv/],
    [['-pe', '-p', '1'], /'-pe' is not available/],
    [['-pt', 'x', '-p', '1'], /-pt takes a decimal number/],
    [[...server, '-server', 'tcp:port=1', './program'], /'-server' must be the first option/],
  ])('refuses %j with status 2', async (args, message) => {
    const { status, stderr } = await runConsole(['cdb', ...args]);
    expect(stderr).toMatch(message);
    expect(status).toBe(2);
  });
});

/** A real gdbserver as a bare stub. */
describe('hawser cdb -premote gdb:', () => {
  const to = (port: number): string => `gdb:server=127.0.0.1,port=${port}`;

  it('debugs a program through gdbserver --multi', async () => {
    const stub = await gdbserver('--multi');
    const { stdout, stderr, status } = await runConsole(
      ['cdb', '-premote', to(stub.port), ticker(), 'one'],
      ['bp ticker!tick', 'g', 'k', '||', 'q'],
    );
    expect(stderr).toBe('');
    expect(stdout).toMatch(/Breakpoint 0 hit[\s\S]*ticker!main/);
    expect(stdout).toMatch(/^\. {2}0 Remote user mode: \S+ \(gdb:.*\) 0n\d+ ticker$/m);
    expect(status).toBe(0);
  });

  it('takes the process that a stub has; names none, and refuses one that is named', async () => {
    const stub = await gdbserver('--once', ticker());
    const { stdout, status } = await runConsole(
      ['cdb', '-premote', to(stub.port)],
      ['bp ticker!tick', 'g', 'q'],
    );
    expect(stdout).toMatch(/Connected to gdb:.*[\s\S]*Breakpoint 0 hit/);
    expect(status).toBe(0);
    const other = await gdbserver(ticker());
    const refused = await runConsole(['cdb', '-premote', to(other.port), '-p', '1']);
    expect(refused.stderr).toMatch(/has its one process already/);
    expect(refused.status).toBe(2);
    const empty = await gdbserver('--multi');
    const nothing = await runConsole(['cdb', '-premote', to(empty.port)]);
    expect(nothing.stderr).toMatch(/has no process yet/);
    expect(nothing.status).toBe(2);
  });

  it('finds a process there by its name', async () => {
    const name = `there-${process.pid}`;
    const pid = await called(name);
    const stub = await gdbserver('--multi');
    const { stdout } = await runConsole(['cdb', '-premote', to(stub.port), '-pn', name], ['q']);
    expect(stdout).toContain(`Attached to process ${pid}`);
    // It ran before: q lets it go.
    expect(() => process.kill(pid, 0)).not.toThrow();
  });

  it('is a debugging server as well', async () => {
    const stub = await gdbserver('--multi');
    const server = new ConsoleProcess([
      'cdb',
      '-server',
      'tcp:port=5400:5599,bind=127.0.0.1',
      '-premote',
      to(stub.port),
      ticker(),
    ]);
    const [, port] = await server.see(/Port=(\d+)/);
    await server.see(/Break instruction exception/);
    const client = await runConsole(
      ['cdb', '-remote', `tcp:server=localhost,port=${port}`],
      ['bp ticker!tick', 'g', 'qq'],
    );
    expect(client.stdout).toContain('Breakpoint 0 hit');
    expect(await server.exited()).toBe(0);
  });
});

/** A real process server, and what a client says after -premote. */
async function dbgsrv(...more: readonly string[]): Promise<string> {
  const server = new ConsoleProcess(['dbgsrv', '-t', 'tcp:port=5600:5799,bind=127.0.0.1', ...more]);
  servers.push(server);
  const [, port] = await server.see(/-premote tcp:Port=(\d+)/);
  return `tcp:server=127.0.0.1,port=${port}`;
}

describe('hawser cdb -premote with hawser dbgsrv', { timeout: 120_000 }, () => {
  it('starts programs, attaches to others, and ends the server', async () => {
    const connection = await dbgsrv();
    const name = `beyond-${process.pid}`;
    const pid = await called(name);
    const { stdout, stderr, status } = await runConsole(
      ['cdb', '-premote', connection, ticker(), 'one'],
      [
        'bp ticker!tick',
        'g',
        `.tlist ${name}`,
        `.attach 0n${pid}`,
        '||',
        '||0s',
        '.kill',
        '.endpsrv',
        'k',
        'q',
      ],
    );
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^CommandLine: .*ticker one$/m);
    expect(stdout).toContain('Breakpoint 0 hit');
    expect(stdout).toContain(`\n 0n${pid} ${name}\n`);
    expect(stdout).toMatch(
      /^\|\|1:0:000> \|\|\n {3}0 Remote user mode: .* ticker\n\. {2}1 Remote user mode: /m,
    );
    expect(stdout).toMatch(/Detached\nLet go before: .*\nThe process server on .* has been ended/);
    expect(stdout).toContain('NoTarget> k\nNo debuggee.');
    expect(status).toBe(0);
    expect(await servers[0]?.exited()).toBe(0);
    expect(() => process.kill(pid, 0)).not.toThrow();
  });

  it('takes its implicit command line with -cimp', async () => {
    const given = await dbgsrv('-pc', ticker(), 'a b');
    const { stdout } = await runConsole(['cdb', '-premote', given, '-cimp'], ['q']);
    expect(stdout).toMatch(/^CommandLine: .*ticker a b$/m);
    const without = await dbgsrv();
    const { stderr, status } = await runConsole(['cdb', '-premote', without, '-cimp']);
    expect(stderr).toMatch(/has no implicit command line/);
    expect(status).toBe(1);
  });

  it('names the right option for the wrong kind of server', async () => {
    const connection = await dbgsrv();
    const { stderr, status } = await runConsole(['cdb', '-remote', connection]);
    expect(stderr).toMatch(/process server[\s\S]*-premote/);
    expect(status).toBe(1);
  });
});
