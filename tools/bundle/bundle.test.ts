import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Relay } from '../../transports/com/testing/relay.ts';
import { version } from '../cli/version.ts';
import { ConsoleProcess } from '../testing/console-process.ts';
import { crasher, flood, ticker } from '../testing/programs.ts';

const checkout = resolve(import.meta.dirname, '../..');
/** Outside the checkout: no package is in a folder above. */
const base = mkdtempSync(join(tmpdir(), 'hawser-bundle-'));
const made = join(base, 'made');
const native = `native/${process.platform}-${process.arch}`;

beforeAll(async () => {
  const words = [join(checkout, 'scripts/bundle.mjs'), '--output', made];
  await promisify(execFile)(process.execPath, words);
}, 240_000);
afterAll(() => rmSync(base, { recursive: true, force: true }));

const running: ConsoleProcess[] = [];
const started: ChildProcess[] = [];
afterEach(async () => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
  for (const process of running.splice(0)) {
    process.kill('SIGTERM');
    await process.exited();
  }
});

/** A session that the checkout serves; in the tests nobody lists it. */
async function serve(connection: string): Promise<string> {
  const server = new ConsoleProcess(['cdb', '-server', connection, ticker()]);
  running.push(server);
  const [, listed = ''] = await server.see(/^0: <debugger> -remote (.+)$/m);
  await server.see(/Break instruction exception/);
  return listed;
}

/** A folder with nothing but what was copied there. */
function machine(...files: readonly string[]): string {
  const folder = mkdtempSync(join(base, 'machine-'));
  for (const file of files) cpSync(join(made, file), join(folder, file), { recursive: true });
  return folder;
}

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Started extends Promise<Ended> {
  /** Waits until standard output has a match. @throws when the program ends without it. */
  see(pattern: RegExp): Promise<RegExpExecArray>;
}

/** Runs the copied program in its folder with an empty environment. */
function run(folder: string, file: string, args: readonly string[], input = ''): Started {
  const path = join(folder, file);
  const [program, ...words] = file.endsWith('.cjs') ? [process.execPath, path] : [path];
  const child = spawn(program as string, [...words, ...args], { cwd: folder, env: {} });
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (text: string) => {
      said[name] += text;
    });
  child.stdin.end(input);
  const ended = new Promise<Ended>((done, failed) => {
    child.once('error', failed);
    child.once('close', (status) => done({ status, ...said }));
  });
  started.push(child);
  const see = async (pattern: RegExp) => {
    for (;;) {
      const match = pattern.exec(said.stdout);
      if (match) return match;
      const open = await Promise.race([
        ended.then(() => false),
        new Promise((heard) => child.stdout.once('data', heard)),
      ]);
      if (open === false) throw new Error(`ended without ${pattern}\n${said.stdout}\n${said.stderr}`);
    }
  };
  return Object.assign(ended, { see });
}

describe.each(['hawser.cjs', 'hawser'])('%s, copied to a machine without anything', (file) => {
  it('knows its version and its tools, says what it lacks, and leaves nothing behind', async () => {
    const folder = machine(file);
    expect(await run(folder, file, ['version'])).toEqual({
      status: 0,
      stdout: `hawser ${version}\n`,
      stderr: '',
    });
    const help = await run(folder, file, ['help']);
    for (const tool of ['cdb', 'kd', 'kdsrv', 'dbengprx', 'certs'])
      expect(help.stdout).toMatch(RegExp(`^  ${tool} `, 'm'));
    const windows = await run(folder, file, ['windbg']);
    expect(windows.status).toBe(1);
    expect(windows.stderr).toMatch(/^The debugger with windows is not in this program/);
    expect(readdirSync(folder)).toEqual([file]);
  });

  it('joins a session', async () => {
    const connection = await serve('tcp:port=5600:5699,bind=127.0.0.1,password=harbour');
    const address = connection.replace('Password=*', 'password=harbour');
    const joined = await run(machine(file), file, ['cdb', '-remote', address], '? 2+3\n.echo done\n');
    expect(joined.stderr).toBe('');
    expect(joined.stdout).toMatch(/Evaluate expression: 5/);
    expect(joined.stdout).toMatch(/^done$/m);
    expect(joined.status).toBe(0);
  });

  it('serves processes to debuggers elsewhere, with gdbserver and nothing else', async () => {
    const folder = machine(file);
    const ended = run(folder, file, ['dbgsrv', '-t', 'tcp:port=5700:5799,bind=127.0.0.1,password=harbour']);
    const [, port] = await ended.see(/^0: <debugger> -premote tcp:Port=(\d+)/m);
    const target = spawn(ticker(), { stdio: 'ignore' });
    try {
      const server = `tcp:server=127.0.0.1,port=${port},password=harbour`;
      const client = new ConsoleProcess(['cdb', '-premote', server, '-p', String(target.pid)]);
      running.push(client);
      client.type('bp ticker!tick', 'g', 'k', '.echo done');
      await client.see(/^done$/m);
      expect(client.stdout).toMatch(/Breakpoint 0 hit/);
      expect(client.stdout).toMatch(/ticker!main\+0x/);
      client.type('qd');
      expect(await client.exited()).toBe(0);
      expect(target.exitCode).toBeNull();
      // A program that is started there; for want of the native part it has no terminal but pipes.
      const second = new ConsoleProcess(['cdb', '-premote', server, flood()]);
      running.push(second);
      second.type('g', '.endpsrv');
      await second.see(/^line 10 of the program's own output$/m);
      await second.see(/Exit process .* code 3$/m);
      expect((await ended).status).toBe(0);
    } finally {
      target.kill('SIGKILL');
    }
  });

  it('uses a serial port with its native part beside it, and else says what to copy', async () => {
    const cable = await Relay.open({ bytesPerSecond: 1e6, damage: 0, seed: 1 });
    try {
      const [here, there] = cable.ends.map((end) => `com:port=${end},baud=115200,channel=1`);
      await serve(here as string);
      const args = ['cdb', '-remote', there as string];
      const without = await run(machine(file), file, args);
      expect(without.status).toBe(1);
      expect(without.stderr).toMatch(
        /^A serial port needs a native part that is not there: .*serialport\.node\nCopy /,
      );
      const damaged = machine(file);
      mkdirSync(join(damaged, native), { recursive: true });
      copyFileSync(join(made, 'LICENSES.txt'), join(damaged, native, 'serialport.node'));
      expect((await run(damaged, file, args)).stderr).toMatch(/needs a native part that does not load/);
      const joined = await run(machine(file, 'native'), file, args, '? 3+4\n');
      expect(joined.stdout).toMatch(/Evaluate expression: 7/);
    } finally {
      await cable.close();
    }
  });

  it('debugs a program where GDB is; what the program reads needs the native part of the terminal', async () => {
    const folder = machine(file);
    const debugs = () => run(folder, file, ['cdb', crasher()], '.input ashore\ng\nqq\n');
    const without = await debugs();
    expect(without.stdout).toMatch(/input is not available: .*native part that is not there: .*pty\.node/);
    expect(without.stdout).toMatch(/Access violation/);
    cpSync(join(made, 'native'), join(folder, 'native'), { recursive: true });
    expect((await debugs()).stdout).toMatch(/^got: ashore/m);
  });
});

describe('what is made', () => {
  it('asks for nothing but Node’s own modules', () => {
    const text = readFileSync(join(made, 'hawser.cjs'), 'utf8');
    const names = [...text.matchAll(/\brequire\("([^"]+)"\)/g)].map(([, name = '']) => name);
    const { builtinModules } = process.getBuiltinModule('node:module');
    expect(names.length).toBeGreaterThan(10);
    expect(names.filter((name) => !builtinModules.includes(name.replace(/^node:/, '')))).toEqual([]);
    // In comments it names types.
    expect(text).not.toMatch(/^(?!\s*\*).*\bimport\(/m);
  });

  it('names every licence', () => {
    const text = readFileSync(join(made, 'LICENSES.txt'), 'utf8');
    for (const name of [
      'Hawser',
      'serialport',
      '@lydell/node-pty',
      'zod',
      'vscode-jsonrpc',
      'node-forge',
      'Node.js',
    ])
      expect(text).toMatch(RegExp(`^${name} .*\\(|^${name} `, 'm'));
  });
});
