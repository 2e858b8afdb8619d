import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { createConnection, type Socket } from 'node:net';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { duplexPair } from '../../../transports/testing/duplex-pair.ts';
import { compile } from '../../gdb/testing/programs.ts';
import { type GdbSocket, openGdbSocket } from './gdb-socket.ts';
import { StubLine } from './stub-line.ts';

const run = promisify(execFile);
const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

const program = () =>
  compile(
    'rsp-plain.c',
    `
    int total;
    int add(int n) { return total += n; } // here
    int main(void) { for (int i = 0; i < 3; i++) add(i); return 7; }
  `,
  );

/** A gdbserver on a port of its choosing, and a connection to it. */
async function gdbserver(...args: string[]): Promise<Socket> {
  const child = spawn('gdbserver', ['127.0.0.1:0', ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
  cleanups.push(() => child.kill('SIGKILL'));
  let said = '';
  let port = 0;
  for await (const chunk of child.stderr) {
    said += chunk;
    port = Number(/Listening on port (\d+)/.exec(said)?.[1] ?? 0);
    if (port) break;
  }
  const socket = createConnection({ port, host: '127.0.0.1', noDelay: true });
  cleanups.push(() => socket.destroy());
  await once(socket, 'connect');
  return socket;
}

async function gdb(at: GdbSocket, ...commands: string[]): Promise<string> {
  const all = ['set debuginfod enabled off', `target extended-remote ${at.socket}`, ...commands];
  const { stdout } = await run('gdb', ['-nx', '-q', '-batch', ...all.flatMap((line) => ['-ex', line])], {
    maxBuffer: 64 << 20,
  });
  return stdout;
}

async function socketOn(stream: Parameters<typeof openGdbSocket>[0]): Promise<GdbSocket> {
  const socket = await openGdbSocket(stream);
  cleanups.push(() => socket.close());
  return socket;
}

describe('the socket that GDB connects to', () => {
  it('lets GDB debug through it, and counts', async () => {
    const { path } = program();
    const at = await socketOn(await gdbserver(path));
    const out = await gdb(at, `file ${path}`, 'break add', 'continue', 'bt', 'print n', 'delete', 'continue');
    expect(out).toMatch(/#0 {2}add \(n=0\)/);
    expect(out).toMatch(/\$1 = 0/);
    expect(out).toContain('exited with code 07');
    expect(at.traffic.packets).toBeGreaterThan(10);
    expect(at.traffic.roundTrips).toBeLessThanOrEqual(at.traffic.packets);
    expect(at.traffic.received).toBeGreaterThan(1000);
  });

  it('asks a stub that takes no pipelines one packet at a time', async () => {
    const { path } = program();
    const line = new StubLine(await gdbserver(path));
    Object.defineProperty(line, 'pipelining', { get: () => false, set: () => {} });
    const at = await socketOn(line);
    const out = await gdb(
      at,
      `file ${path}`,
      'break add',
      'continue',
      'bt',
      'info threads',
      'print n',
      'stepi',
      'kill',
    );
    expect(out).toMatch(/#0 {2}add \(n=0\)/);
    expect(out).toMatch(/\$1 = 0/);
    expect(at.traffic.roundTrips).toBe(at.traffic.packets);
  });

  it('is of this user alone, and takes one connection', async () => {
    const [ours] = duplexPair();
    const at = await socketOn(ours);
    expect(statSync(dirname(at.socket)).mode & 0o777).toBe(0o700);
    const first = createConnection(at.socket);
    await once(first, 'connect');
    const second = createConnection(at.socket);
    second.on('error', () => {});
    await new Promise((resolve) => second.on('close', resolve));
    expect(first.destroyed).toBe(false);
    first.destroy();
  });

  it('ends when the stub ends, and says so', async () => {
    const [ours, theirs] = duplexPair();
    const at = await socketOn(ours);
    const ended = new Promise((resolve) => at.onEnded(resolve));
    const client = createConnection(at.socket);
    await once(client, 'connect');
    const asked = at.ask(['qC']);
    client.resume();
    theirs.resume();
    theirs.end();
    await expect(asked).rejects.toMatchObject({ code: 'STUB_DIED' });
    expect(await ended).toBe(null);
    await once(client, 'close');
  });
});
