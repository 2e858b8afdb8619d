import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { connect as connectSocket, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { compile } from '../../gdb/testing/programs.ts';
import { connectStub } from '../connect.ts';
import { encodePacket, type RspPacket, RspReader, textOf } from '../rsp/packets.ts';
import type { Stub, StubDebugger } from '../stub.ts';
import { ProcessServer, type ProcessServerOptions } from './process-server.ts';

const spinner = compile(
  'stub-spinner.c',
  `#include <signal.h>
#include <stdio.h>
#include <unistd.h>
volatile long counter;
void tick(void) { counter++; }
int main(int argc, char **argv) {
  if (argc > 1 && argv[1][0] == 'b') { sigset_t all; sigfillset(&all); sigprocmask(SIG_BLOCK, &all, 0); }
  puts("up"); fflush(stdout);
  for (;;) { tick(); usleep(1000); }
}
`,
  ['-g', '-O0', '-no-pie'],
);
const teller = compile(
  'stub-teller.c',
  `#include <stdio.h>
#include <unistd.h>
int main(int argc, char **argv) {
  for (int i = 1; i < argc; i++) printf("[%s]\\n", argv[i]);
  printf("terminals: %d%d%d\\n", isatty(0), isatty(1), isatty(2));
  char line[100];
  if (fgets(line, sizeof line, stdin)) printf("read %s", line);
  return 7;
}
`,
  ['-g', '-O0', '-no-pie'],
);

const PATIENT = { timeout: 30_000 };
const symbol = (program: string, name: string) =>
  new RegExp(`^([0-9a-f]+) \\w ${name}$`, 'm').exec(execFileSync('nm', [program]).toString())?.[1] ?? '';
const TICK = symbol(spinner.path, 'tick').replace(/^0+/, '');

/** The program counter of a stop reply. */
function addressOf(stop: string): bigint {
  const digits = /;10:([0-9a-f]{16});/.exec(stop)?.[1] ?? '';
  return BigInt(`0x${(digits.match(/../g) ?? []).reverse().join('')}`);
}

const servers: ProcessServer[] = [];
const stubs: Stub[] = [];
const children: ChildProcess[] = [];
const started: number[] = [];
afterEach(async () => {
  for (const stub of stubs.splice(0)) await stub.close();
  for (const server of servers.splice(0)) await server.close();
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const pid of started.splice(0)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended.
    }
  }
});

async function serve(more: Partial<ProcessServerOptions> = {}): Promise<ProcessServer> {
  const server = await ProcessServer.start({
    connection: 'tcp:port=0,bind=127.0.0.1',
    password: undefined,
    version: '0.0.0',
    implicitCommandLine: null,
    notice: () => undefined,
    ...more,
  });
  servers.push(server);
  return server;
}

const portOf = (server: ProcessServer) => Number(/Port=(\d+)/.exec(server.connection)?.[1]);

async function join(server: ProcessServer, port = portOf(server)): Promise<Stub> {
  const stub = await connectStub(`tcp:server=127.0.0.1,port=${port}`, {
    program: 'test',
    version: '0.0.0',
    signal: new AbortController().signal,
    getPassword: () => Promise.reject(new Error('none was expected')),
  });
  stubs.push(stub);
  return stub;
}

/** Speaks GDB's protocol by hand, over the socket that GDB would use. */
class Rsp {
  readonly opened: StubDebugger;
  readonly #socket: Socket;
  readonly #reader = new RspReader();
  readonly #came: string[] = [];
  #wake: () => void = () => undefined;

  constructor(opened: StubDebugger) {
    this.opened = opened;
    this.#socket = connectSocket(opened.socket);
    this.#socket.on('error', () => undefined);
    this.#socket.on('data', (chunk: Buffer) =>
      this.#reader.push(chunk, (item) => {
        if (item.kind !== 'packet') return;
        this.#socket.write('+');
        this.#came.push(textOf(item as RspPacket));
        this.#wake();
      }),
    );
  }

  static async open(stub: Stub): Promise<Rsp> {
    const rsp = new Rsp(await stub.openDebugger());
    expect(await rsp.ask('qSupported:multiprocess+;swbreak+;hwbreak+')).toContain('multiprocess+');
    expect(await rsp.ask('!')).toBe('OK');
    return rsp;
  }

  tell(body: string): void {
    this.#socket.write(encodePacket(body));
  }

  ask(body: string): Promise<string> {
    this.tell(body);
    return this.next();
  }

  async next(): Promise<string> {
    while (this.#came.length === 0) await new Promise<void>((done) => (this.#wake = done));
    return this.#came.shift() ?? '';
  }

  async attach(pid: number): Promise<void> {
    expect(await this.ask(`vAttach;${pid.toString(16)}`)).toMatch(/^T/);
  }

  async run(program: string, ...args: readonly string[]): Promise<number> {
    const stop = await this.ask(
      `vRun;${[program, ...args].map((word) => Buffer.from(word).toString('hex')).join(';')}`,
    );
    const pid = Number.parseInt(/thread:p([0-9a-f]+)\./.exec(stop)?.[1] ?? '', 16);
    started.push(pid);
    return pid;
  }
}

async function spin(...args: readonly string[]): Promise<number> {
  const child = spawn(spinner.path, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  children.push(child);
  await new Promise((resolve) => child.stdout.once('data', resolve));
  return child.pid ?? 0;
}

function status(pid: number): { state: string; tracer: number } {
  try {
    const text = readFileSync(`/proc/${pid}/status`, 'utf8');
    const line = (name: string) => new RegExp(`^${name}:\\s*(\\S+)`, 'm').exec(text)?.[1] ?? '';
    return { state: line('State'), tracer: Number(line('TracerPid')) };
  } catch {
    return { state: 'gone', tracer: 0 };
  }
}

/** By its memory: whether it goes on, and what stands at its function. */
function memory(pid: number, address: string, length: number): Buffer {
  const script = `f=open('/proc/${pid}/mem','rb');f.seek(0x${address});print(f.read(${length}).hex())`;
  return Buffer.from(execFileSync('python3', ['-c', script]).toString().trim(), 'hex');
}

const counter = (pid: number) => memory(pid, symbol(spinner.path, 'counter'), 8).readBigUInt64LE();

/** Runs on for good: nobody has it, nothing is left in it, it counts. */
async function expectUnharmed(pid: number): Promise<void> {
  await expect.poll(() => status(pid).tracer, { timeout: 30_000 }).toBe(0);
  await expect.poll(() => status(pid).state, PATIENT).toMatch(/^[RS]$/);
  const before = counter(pid);
  await expect.poll(() => counter(pid) > before, PATIENT).toBe(true);
  expect(memory(pid, TICK, 1)[0]).not.toBe(0xcc);
}

describe('a process server', () => {
  it('tells of its machine, its processes and files', async () => {
    const stub = await join(await serve({ implicitCommandLine: './app one' }));
    expect(stub.implicitCommandLine).toBe('./app one');
    const pid = await spin('x y');
    const entries = await stub.machine.processes();
    expect(entries.find((entry) => entry.pid === pid)).toMatchObject({
      name: 'stub-spinner',
      commandLine: `${spinner.path} x y`,
      obstacle: null,
    });
    expect((await stub.machine.process(pid)).executable).toBe(spinner.path);
    expect(entries.find((entry) => entry.pid === process.pid)?.obstacle).toBe('It is the debugger itself');
    const parts: Buffer[] = [];
    for await (const part of stub.machine.readFile(spinner.path, pid, 100)) parts.push(part as Buffer);
    expect(Buffer.concat(parts).equals(readFileSync(spinner.path).subarray(100))).toBe(true);
    await expect(stub.machine.readFile('/nowhere', null, 0).toArray()).rejects.toMatchObject({
      code: 'FILE_UNREADABLE',
    });
    expect(await stub.machine.program('true', null)).toMatchObject({ path: expect.stringMatching(/true$/) });
  });

  it('starts programs with their arguments unharmed and a terminal of their own', async () => {
    const stub = await join(await serve());
    const rsp = await Rsp.open(stub);
    const { terminal } = rsp.opened;
    if (typeof terminal === 'string') throw new Error(terminal);
    let text = '';
    terminal.on('data', (bytes: Buffer) => (text += bytes.toString()));
    const args = ['a b', '', `q'"x`, '$HOME `id`', 'one\ntwo', '*', '\\', '\t;|&<>#~^!', '-n', 'ü€'];
    for (const shell of ['0', '1']) {
      text = '';
      expect(await rsp.ask(`QStartupWithShell:${shell}`)).toBe('OK');
      await rsp.run(teller.path, ...args);
      rsp.tell('vCont;c');
      await expect.poll(() => text, PATIENT).toContain('terminals: 111');
      terminal.write('typed\n');
      expect(await rsp.next()).toMatch(/^W7;/);
      // All that it wrote came before the news of its end.
      expect(text.replaceAll('\r', '')).toBe(
        `${args.map((arg) => `[${arg}]\n`).join('')}terminals: 111\ntyped\nread typed\n`,
      );
    }
  });

  it('goes on after a program that does not start', async () => {
    const rsp = await Rsp.open(await join(await serve()));
    expect(await rsp.ask('QStartNoAckMode')).toBe('OK');
    expect(await rsp.ask(`vRun;${Buffer.from('/nowhere').toString('hex')}`)).toMatch(/^E/);
    expect(await rsp.run(spinner.path)).toBeGreaterThan(0);
  });

  it.each([[[]], [['blocking']]])(
    'lets go what a client leaves running, breakpoints taken out: %j',
    async (args) => {
      const pid = await spin(...args);
      const stub = await join(await serve());
      const rsp = await Rsp.open(stub);
      await rsp.attach(pid);
      expect(await rsp.ask(`Z0,${symbol(spinner.path, 'main').replace(/^0+/, '')},1`)).toBe('OK');
      expect(await rsp.ask(`Z0,${TICK},1`)).toBe('OK');
      expect(memory(pid, TICK, 1)[0]).toBe(0xcc);
      expect(await rsp.ask('vCont;c')).toContain('swbreak');
      expect(await rsp.ask(`z0,${TICK},1`)).toBe('OK');
      rsp.tell('vCont;c');
      await expect.poll(() => status(pid).state, PATIENT).not.toBe('t');
      await stub.close();
      await expectUnharmed(pid);
    },
  );

  describe('many steps for one', () => {
    const places = [{ offset: 128, size: 8 }];
    const steps = (count: number) => ({ count, places, rows: [] as (readonly bigint[])[] });
    const threadOf = (stop: string) => /thread:([^;]+);/.exec(stop)?.[1] ?? '';

    it('end at a breakpoint, and are all told', async () => {
      const rsp = await Rsp.open(await join(await serve()));
      expect(await rsp.ask('QStartNoAckMode')).toBe('OK');
      await rsp.run(spinner.path);
      const main = symbol(spinner.path, 'main').replace(/^0+/, '');
      expect(await rsp.ask(`Z0,${main},1`)).toBe('OK');
      const thread = threadOf(await rsp.ask('vCont;c'));
      expect(await rsp.ask(`z0,${main},1`)).toBe('OK');
      // Off its address GDB steps by itself.
      const off = steps(100);
      expect(rsp.opened.stepFar?.(off)).toBe(true);
      expect(await rsp.ask(`vCont;s:${thread}`)).toMatch(/^T05/);
      expect(off.rows).toEqual([]);
      expect(await rsp.ask(`Z0,${TICK},1`)).toBe('OK');
      const far = steps(0xfffff);
      rsp.opened.stepFar?.(far);
      const stop = await rsp.ask(`vCont;s:${thread}`);
      const tick = BigInt(`0x${TICK}`);
      expect(addressOf(stop)).toBe(tick);
      expect(far.rows.length).toBeGreaterThan(100);
      expect(far.rows.findIndex(([pc]) => pc === tick)).toBe(far.rows.length - 1);
      // One after the other: calls, jumps and returns apart, the next instruction is near.
      const near = far.rows.filter(([pc = 0n], at) => {
        const [before = pc] = far.rows[at - 1] ?? [];
        return pc - before > 0n && pc - before < 16n;
      });
      expect(near.length / far.rows.length).toBeGreaterThan(0.4);
    });

    it('are broken into, and let go when their debugger has gone', async () => {
      const stub = await join(await serve());
      const rsp = await Rsp.open(stub);
      expect(await rsp.ask('QStartNoAckMode')).toBe('OK');
      const pid = await rsp.run(spinner.path);
      const thread = `p${pid.toString(16)}.${pid.toString(16)}`;
      const far = steps(0xfffff);
      rsp.opened.stepFar?.(far);
      rsp.tell(`vCont;s:${thread}`);
      await expect.poll(() => far.rows.length, PATIENT).toBeGreaterThan(0);
      expect(rsp.opened.breakIn?.()).toBe(true);
      const stop = await rsp.next();
      expect(stop).toMatch(/^T02/);
      expect(far.rows.at(-1)).toEqual([addressOf(stop)]);
      rsp.opened.stepFar?.(steps(0xfffff));
      rsp.tell(`vCont;s:${thread}`);
      await stub.close();
      await expectUnharmed(pid);
    });

    it('end with the program, its words first', async () => {
      const stub = await join(await serve());
      const rsp = await Rsp.open(stub);
      expect(await rsp.ask('QStartNoAckMode')).toBe('OK');
      const { terminal } = rsp.opened;
      if (typeof terminal === 'string') throw new Error(terminal);
      let text = '';
      terminal.on('data', (bytes: Buffer) => (text += bytes.toString()));
      await rsp.run(teller.path, 'one');
      expect(await rsp.ask(`Z0,${symbol(teller.path, 'main').replace(/^0+/, '')},1`)).toBe('OK');
      const thread = threadOf(await rsp.ask('vCont;c'));
      expect(await rsp.ask(`z0,${symbol(teller.path, 'main').replace(/^0+/, '')},1`)).toBe('OK');
      expect(await rsp.ask(`vCont;s:${thread}`)).toMatch(/^T05/);
      terminal.write('typed\n');
      const far = steps(0xfffff);
      rsp.opened.stepFar?.(far);
      expect(await rsp.ask(`vCont;s:${thread}`)).toMatch(/^W7;/);
      expect(text).toContain('read typed');
      expect(far.rows.length).toBeGreaterThan(100);
    });
  });

  it('and what it leaves stopped at a breakpoint, and what it started', async () => {
    const pid = await spin();
    const stub = await join(await serve());
    const [one, two] = [await Rsp.open(stub), await Rsp.open(stub)];
    await one.attach(pid);
    expect(await one.ask(`Z0,${TICK},1`)).toBe('OK');
    expect(await one.ask('vCont;c')).toContain('swbreak');
    const launched = await two.run(spinner.path);
    expect(await two.ask(`Z0,${TICK},1`)).toBe('OK');
    await stub.close();
    await expectUnharmed(pid);
    await expectUnharmed(launched);
  });

  it('tells the second of two clients who has a process', async () => {
    const server = await serve();
    const [first, second] = [await join(server), await join(server)];
    const pid = await spin();
    const rsp = await Rsp.open(first);
    await rsp.attach(pid);
    const who = /^\S+\\\S+ \(tcp 127\.0\.0\.1:\d+\) debugs it through this server$/;
    const entry = (await second.machine.processes()).find((each) => each.pid === pid);
    expect(entry?.obstacle).toMatch(who);
    await expect(second.machine.process(pid)).rejects.toMatchObject({ code: 'PROCESS_TAKEN', data: { pid } });
    expect((await first.machine.process(pid)).entry.obstacle).toMatch(who);
    // Both work at once.
    const other = await Rsp.open(second);
    await other.run(spinner.path);
    expect(await rsp.ask(`D;${pid.toString(16)}`)).toBe('OK');
    expect((await second.machine.process(pid)).entry.obstacle).toBeNull();
  });

  it('names gdbserver that died, apart from its link', async () => {
    const stub = await join(await serve());
    const rsp = await Rsp.open(stub);
    const ended = new Promise<{ code: string }>((resolve) => rsp.opened.onEnded(resolve));
    const pid = await spin();
    await rsp.attach(pid);
    process.kill(status(pid).tracer, 'SIGKILL');
    expect(await ended).toMatchObject({
      code: 'STUB_DIED',
      data: { how: 'gdbserver was ended by SIGKILL.' },
    });
    expect(stub.status.state).toBe('up');
  });

  it('lets everything go when it is told to end, and says so', async () => {
    const server = await serve();
    const [first, second] = [await join(server), await join(server)];
    const pid = await spin();
    const rsp = await Rsp.open(first);
    await rsp.attach(pid);
    rsp.tell('vCont;c');
    await second.endServer();
    await server.ended;
    await expectUnharmed(pid);
    await expect
      .poll(() => first.status, PATIENT)
      .toMatchObject({ state: 'ended', error: { code: 'SERVER_ENDED' } });
  });

  it('ends by itself when nobody has been there for long enough', async () => {
    const server = await serve({ idle: 300 });
    const stub = await join(server);
    let over = false;
    void server.ended.then(() => (over = true));
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(over).toBe(false);
    await stub.close();
    await server.ended;
  });

  it('says at its start that gdbserver is missing', async () => {
    await expect(serve({ gdbserver: '/nowhere/gdbserver' })).rejects.toMatchObject({
      code: 'GDBSERVER_MISSING',
      action: expect.stringContaining('apt-get install gdbserver'),
    });
  });
});
