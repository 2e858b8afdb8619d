import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { type HawserError, toHawserError } from '../../../transports/errors/error.ts';
import { compile } from '../../gdb/testing/programs.ts';
import { connectStub } from '../connect.ts';
import { ProcessServer, type ProcessServerOptions } from '../server/process-server.ts';
import type { ConnectStubOptions, Stub, StubDebugger, StubStatus } from '../stub.ts';
import { CutRelay } from './testing/relay.ts';

const BLOCK = 8 << 20;
const PROGRAM = `#include <stdio.h>
#include <unistd.h>
unsigned char block[${BLOCK}];
int main(void) {
  unsigned x = 1;
  for (int i = 0; i < ${BLOCK}; i++) { x = x * 1664525u + 1013904223u; block[i] = x >> 24; }
  puts("filled"); fflush(stdout);
  for (;;) usleep(1000);
}
`;

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function serve(options: Partial<ProcessServerOptions> = {}): Promise<ProcessServer> {
  const server = await ProcessServer.start({
    connection: 'tcp:port=0,bind=127.0.0.1',
    password: undefined,
    version: '0',
    implicitCommandLine: null,
    notice: () => undefined,
    ...options,
  });
  ends.push(() => server.close());
  return server;
}

const portOf = (server: ProcessServer) => Number(/Port=(\d+)/i.exec(server.connection)?.[1]);

async function reach(text: string, options: Partial<ConnectStubOptions> = {}): Promise<Stub> {
  const stub = await connectStub(text, {
    program: 'test',
    version: '0',
    signal: new AbortController().signal,
    getPassword: () => Promise.reject(new Error('nobody is to be asked')),
    ...options,
  });
  ends.push(() => stub.close());
  return stub;
}

/** A server behind a cable, and who reached it. */
async function cabled(options: Partial<ProcessServerOptions> = {}) {
  const server = await serve(options);
  const relay = new CutRelay(portOf(server));
  ends.push(() => relay.close());
  const stub = await reach(`tcp:server=127.0.0.1,port=${await relay.listen()}`);
  const statuses: StubStatus[] = [];
  stub.onStatus((status) => statuses.push(status));
  return { server, relay, stub, statuses };
}

const code = (promise: Promise<unknown>) =>
  promise.then(
    () => 'none',
    (error) => toHawserError(error).code,
  );
const ended = (opened: StubDebugger) => new Promise<HawserError>((done) => opened.onEnded(done));
const until = (stub: Stub, state: StubStatus['state']) =>
  new Promise<StubStatus>((done) => {
    if (stub.status.state === state) done(stub.status);
    stub.onStatus((status) => {
      if (status.state === state) done(status);
    });
  });

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'hawser-client-'));
  ends.push(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

async function gdb(opened: StubDebugger, commands: readonly string[]): Promise<string> {
  const all = [
    'set remotetimeout 86400',
    'set confirm off',
    `target extended-remote ${opened.socket}`,
    ...commands,
  ];
  const { stdout, stderr } = await promisify(execFile)(
    'gdb',
    ['-q', '-nx', '-batch', ...all.flatMap((command) => ['-ex', command])],
    { maxBuffer: 16 << 20 },
  );
  return stdout + stderr;
}

const program = () => compile('client-block.c', PROGRAM).path;

/** A running one of ours, filled. */
async function running(): Promise<number> {
  const child = spawn(program(), [], { stdio: ['ignore', 'pipe', 'ignore'] });
  ends.push(() => child.kill('SIGKILL'));
  await new Promise((done) => child.stdout.once('data', done));
  return child.pid as number;
}

function filled(): Buffer {
  const bytes = Buffer.alloc(BLOCK);
  for (let at = 0, x = 1; at < BLOCK; at++) {
    x = (Math.imul(x, 1664525) + 1013904223) >>> 0;
    bytes[at] = x >>> 24;
  }
  return bytes;
}

async function readAll(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

describe('a smart client', () => {
  it('knows the machine of its process server, its processes and files', async () => {
    const server = await serve({ implicitCommandLine: 'notes -x' });
    const stub = await reach(`tcp:server=127.0.0.1,port=${portOf(server)}`);
    expect(stub).toMatchObject({
      kind: 'processServer',
      machineName: hostname(),
      hasProcess: false,
      implicitCommandLine: 'notes -x',
      connection: `tcp:Port=${portOf(server)},Server=127.0.0.1`,
    });
    expect(await stub.machine.info()).toMatchObject({ host: hostname(), cwd: process.cwd() });
    const processes = await stub.machine.processes();
    expect(processes.find(({ pid }) => pid === process.pid)?.parent).toBe(process.ppid);
    const details = await stub.machine.process(process.pid);
    expect(details.executable).toBe(process.execPath);
    expect(details.mappings.length).toBeGreaterThan(5);
    expect((await stub.machine.folder('/')).parent).toBeNull();
    const image = await stub.machine.program('sh', null);
    expect(await stub.machine.images(null, [image.path, '/none'])).toEqual([image, null]);
    expect(await stub.machine.disposition(process.pid, 'SIGKILL')).toBe('default');
    expect(await code(stub.machine.program('/none', null))).toBe('PROGRAM_NOT_FOUND');
    expect(await code(stub.machine.process(0x7ffffff0))).toBe('ATTACH_REFUSED');
  });

  it('reads files, from anywhere in them, and lets go of those it does not want to the end', async () => {
    const server = await serve();
    const stub = await reach(`tcp:server=127.0.0.1,port=${portOf(server)}`);
    const file = join(folder(), 'file');
    const bytes = filled();
    writeFileSync(file, bytes);
    expect((await readAll(stub.machine.readFile(file, null, 0))).equals(bytes)).toBe(true);
    expect((await readAll(stub.machine.readFile(file, null, BLOCK - 10))).equals(bytes.subarray(-10))).toBe(
      true,
    );
    expect(await code(readAll(stub.machine.readFile('/none', null, 0)))).toBe('FILE_UNREADABLE');
    // It opens, and then nothing can be read.
    expect(await code(readAll(stub.machine.readFile('/proc/self/mem', null, 0)))).toBe('FILE_UNREADABLE');
    for (let round = 0; round < 40; round++) {
      const stream = stub.machine.readFile(file, null, 0);
      if (round % 2 === 0) await new Promise((done) => stream.once('readable', done));
      const closed = new Promise((done) => stream.once('close', done));
      stream.destroy();
      await closed;
    }
    expect((await readAll(stub.machine.readFile(file, null, 5))).length).toBe(BLOCK - 5);
    expect(stub.status.state).toBe('up');
  });

  it('debugs a program of that machine', async () => {
    const server = await serve();
    const stub = await reach(`tcp:server=127.0.0.1,port=${portOf(server)}`);
    const opened = await stub.openDebugger();
    const said: string[] = [];
    opened.onMessage((line) => said.push(line));
    if (typeof opened.terminal === 'string') throw new Error(opened.terminal);
    let text = '';
    opened.terminal.on('data', (bytes: Buffer) => {
      text += String(bytes);
    });
    const path = compile(
      'client-hello.c',
      '#include <stdio.h>\nint main(void) { puts("hello there"); }\n',
    ).path;
    const output = await gdb(opened, [
      `file ${path}`,
      `set remote exec-file ${path}`,
      'break main',
      'run',
      'continue',
    ]);
    expect(output).toMatch(/Breakpoint 1, main[\s\S]*exited normally/);
    while (!text.includes('hello there')) await new Promise((turn) => setTimeout(turn, 5));
    expect(opened.traffic.packets).toBeGreaterThan(10);
    await opened.close();
    await opened.close();
    expect(stub.status.state).toBe('up');
  });

  it('has its password asked for once, and a wrong one refused', async () => {
    const server = await serve({ password: 'harbour' });
    const to = `tcp:server=127.0.0.1,port=${portOf(server)}`;
    let asked = 0;
    const relay = new CutRelay(portOf(server));
    ends.push(() => relay.close());
    const stub = await reach(`tcp:server=127.0.0.1,port=${await relay.listen()}`, {
      getPassword: async () => {
        asked++;
        return 'harbour';
      },
    });
    relay.cut();
    await until(stub, 'lost');
    await until(stub, 'up');
    expect(asked).toBe(1);
    expect(stub.connection).not.toMatch(/password/i);
    expect(await code(reach(`${to},password=wrong`))).toBe('WRONG_PASSWORD');
    expect(await code(reach(to, { getPassword: () => Promise.reject(new Error('no')) }))).toBe('INTERNAL');
    const stop = new AbortController();
    const waiting = reach(to, { signal: stop.signal, getPassword: () => new Promise(() => stop.abort()) });
    expect(await code(waiting)).toBe('CANCELLED');
  });

  it('ends the server when it is told to, which all its clients hear', async () => {
    const server = await serve();
    const to = `tcp:server=127.0.0.1,port=${portOf(server)}`;
    const [one, other] = [await reach(to), await reach(to)];
    const opened = await other.openDebugger();
    const end = ended(opened);
    await one.endServer();
    expect((await end).code).toBe('SERVER_ENDED');
    for (const stub of [one, other])
      expect(await until(stub, 'ended')).toMatchObject({ error: { code: 'SERVER_ENDED' } });
    expect(await code(other.machine.processes())).toBe('SERVER_ENDED');
    expect(await code(other.openDebugger())).toBe('SERVER_ENDED');
    await server.ended;
  });

  it('is told when a gdbserver dies, and keeps the others', async () => {
    const server = await serve();
    const stub = await reach(`tcp:server=127.0.0.1,port=${portOf(server)}`);
    const [one, other] = [await stub.openDebugger(), await stub.openDebugger()];
    const pid = await running();
    // GDB's own script kills the gdbserver that traces the target, under it.
    const watching = gdb(one, [
      `attach ${pid}`,
      `shell kill -9 $(awk '/TracerPid/{print $2}' /proc/${pid}/status)`,
      'stepi',
    ]).catch(() => '');
    const error = await ended(one);
    expect(error.code).toBe('STUB_DIED');
    expect(error.message).toMatch(/SIGKILL/);
    await watching;
    expect(stub.status.state).toBe('up');
    expect(await gdb(other, ['info program'])).toContain('not being run');
    await one.close();
  });
});

describe('a link that is lost', () => {
  it('costs GDB a delay and nothing else, wherever it is cut in the middle of memory', async () => {
    const { relay, stub, statuses } = await cabled();
    const pid = await running();
    const opened = await stub.openDebugger();
    const out = join(folder(), 'block');
    let random = 20260721;
    const next = () => {
      random = (Math.imul(random, 1103515245) + 12345) & 0x7fffffff;
      return random;
    };
    relay.cutsAfter = [20_000 + (next() % 50_000), 1 + (next() % 3_000_000), 1 + (next() % 3_000_000)];
    const output = await gdb(opened, [
      `file ${program()}`,
      `attach ${pid}`,
      `dump binary memory ${out} &block[0] &block[${BLOCK}]`,
      'detach',
    ]);
    expect(relay.cuts, output).toBe(3);
    const hash = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
    expect(hash(readFileSync(out))).toBe(hash(filled()));
    expect(statuses.map(({ state }) => state)).toEqual(['lost', 'up', 'lost', 'up', 'lost', 'up']);
    await opened.close();
    process.kill(pid, 0);
  });

  it('is made anew although the server has not noticed', async () => {
    const { relay, stub, server } = await cabled();
    const opened = await stub.openDebugger();
    relay.cutNear();
    await until(stub, 'lost');
    const asked = stub.machine.program('sh', null);
    await until(stub, 'up');
    expect((await asked).size).toBeGreaterThan(0);
    expect(await gdb(opened, ['info program'])).toContain('not being run');
    expect(server.clients).toBe(1);
  });

  it('answers what was asked before and meanwhile, each once, and opens a debugger once', async () => {
    const { relay, stub } = await cabled();
    relay.cutsAfter = [1];
    const opening = stub.openDebugger();
    const asked = Promise.all([stub.machine.processes(), stub.machine.folder('/')]);
    const opened = await opening;
    expect((await asked)[1].path).toBe('/');
    expect(relay.cuts).toBe(1);
    // In the answer, too.
    relay.cutsAfter = [150];
    const other = await stub.openDebugger();
    expect(relay.cuts).toBe(2);
    for (const one of [opened, other]) expect(await gdb(one, ['info program'])).toContain('not being run');
  });

  it('goes on with a file in the middle of it', async () => {
    const { relay, stub } = await cabled();
    const file = join(folder(), 'file');
    writeFileSync(file, filled());
    relay.cutsAfter = [500_000, 2_000_000];
    expect((await readAll(stub.machine.readFile(file, null, 0))).equals(filled())).toBe(true);
    expect(relay.cuts).toBe(2);
  });

  it('is lost for good when nobody is there any more, and everybody hears why', async () => {
    const { relay, stub, statuses } = await cabled();
    const opened = await stub.openDebugger();
    const end = ended(opened);
    const file = stub.machine.readFile('/proc/self/exe', null, 0);
    relay.unplug();
    relay.close();
    const lost = await until(stub, 'lost');
    expect(lost).toMatchObject({ error: { code: 'LINK_LOST' } });
    if (lost.state === 'lost') expect(lost.until).toBeGreaterThan(Date.now());
    const asked = code(stub.machine.processes());
    expect(await asked).toBe('LINK_LOST');
    expect((await end).code).toBe('LINK_LOST');
    expect(await code(readAll(file))).toBe('LINK_LOST');
    expect(statuses.at(-1)).toMatchObject({ state: 'ended', error: { code: 'LINK_LOST' } });
    // Late listeners hear it as well.
    expect((await ended(opened)).code).toBe('LINK_LOST');
    await opened.close();
  });

  it('is lost for good when the server has given the session up', async () => {
    const { relay, stub, server } = await cabled({ resumeWindow: 300 });
    const pid = await running();
    const opened = await stub.openDebugger();
    const out = await gdb(opened, [`attach ${pid}`, 'info program']);
    expect(out).toContain('stopped');
    relay.unplug();
    const end = await until(stub, 'ended');
    expect(end).toMatchObject({ error: { code: 'LINK_LOST' } });
    while (server.clients > 0) await new Promise((turn) => setTimeout(turn, 10));
    // Let go, not killed.
    process.kill(pid, 0);
  });

  it('is not waited for when the stub is closed meanwhile', async () => {
    const { relay, stub } = await cabled();
    const opened = await stub.openDebugger();
    relay.unplug();
    await until(stub, 'lost');
    await opened.close();
    await stub.close();
    expect(stub.status).toEqual({ state: 'ended', error: null });
  });
});
