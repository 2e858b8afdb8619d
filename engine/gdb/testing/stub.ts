import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duplex } from 'node:stream';
import type { HawserError } from '../../../transports/errors/error.ts';
import { LocalMachine } from '../../machine/local.ts';
import type { Machine } from '../../machine/machine.ts';
import { openPty } from '../../machine/pty.ts';
import { stubErrors } from '../../stub/errors.ts';
import { openGdbSocket } from '../../stub/rsp/gdb-socket.ts';
import type { Stub, StubDebugger } from '../../stub/stub.ts';
import { endAfterTests } from './ends.ts';

/** A process server's place taken by a gdbserver of this machine. */
export interface TestStub extends Stub {
  /** What its machine was asked. */
  readonly asked: string[];
  /** gdbservers, the latest last. */
  readonly servers: ChildProcess[];
  readonly debuggers: StubDebugger[];
  /** Ends the way to the machine for good, as a lost link does. */
  cut(error: HawserError): void;
}

export interface TestStubOptions {
  /** Paths that this machine has, but the stub's `find` must not: in the machine's place they are changed. */
  readonly hidden?: (path: string) => boolean;
  /** gdbserver has this program already. */
  readonly program?: readonly string[];
}

const open: TestStub[] = [];

endAfterTests('stub', async () => {
  await Promise.all(open.splice(0).map((stub) => stub.close()));
});

export function testStub(options: TestStubOptions = {}): TestStub {
  const asked: string[] = [];
  const servers: ChildProcess[] = [];
  const debuggers: StubDebugger[] = [];
  const cuts: ((error: HawserError) => void)[] = [];
  const bare = options.program !== undefined;
  const stub: TestStub = {
    kind: bare ? 'bare' : 'processServer',
    connection: 'test:',
    machineName: 'birch',
    machine: machine(asked),
    hasProcess: bare,
    implicitCommandLine: null,
    attach: true,
    launch: true,
    status: { state: 'up' },
    onStatus: () => () => {},
    architecture: async () => '',
    asked,
    servers,
    debuggers,
    openDebugger: async () => {
      const opened = await openDebugger(options, servers, cuts);
      debuggers.push(opened);
      return opened;
    },
    endServer: async () => {},
    cut: (error) => {
      for (const cut of cuts.splice(0)) cut(error);
    },
    close: async () => {
      for (const one of debuggers.splice(0)) await one.close();
    },
  };
  open.push(stub);
  return stub;
}

async function openDebugger(
  options: TestStubOptions,
  servers: ChildProcess[],
  cuts: ((error: HawserError) => void)[],
): Promise<StubDebugger> {
  const pty = await openTerminal();
  // Programs get the terminal, gdbserver's own words stay out of it.
  const folder = mkdtempSync(join(tmpdir(), 'hawser-test-'));
  writeFileSync(join(folder, 'run'), `#!/bin/sh\nexec "$@" <>${pty.name} >&0 2>&0\n`, { mode: 0o700 });
  const wrapper = ['--wrapper', join(folder, 'run'), '--'];
  const what = options.program ? ['127.0.0.1:0', ...options.program] : ['--multi', '127.0.0.1:0'];
  const child = spawn('gdbserver', ['--once', ...wrapper, ...what], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, SHELL: '/bin/sh' },
    detached: true,
  });
  servers.push(child);
  const lines: string[] = [];
  const messages = new Set<(line: string) => void>();
  const port = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    let rest = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      const all = (rest + chunk.toString()).split('\n');
      rest = all.pop() ?? '';
      for (const line of all) {
        lines.push(line);
        for (const listener of messages) listener(line);
        const listening = /Listening on port (\d+)/.exec(line);
        if (listening) resolve(Number(listening[1]));
      }
    });
  });
  const stream = await new Promise<Socket>((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket)).once('error', reject);
    socket.setNoDelay(true);
  });
  const socket = await openGdbSocket(stream);
  const listeners = new Set<(error: HawserError) => void>();
  let over = false;
  let closed = false;
  const end = (error: HawserError) => {
    if (over) return;
    over = true;
    for (const listener of listeners) listener(error);
    void socket.close();
  };
  child.once('exit', (code, signal) => end(stubErrors.stubDied(`gdbserver: ${signal ?? code}`)));
  cuts.push(end);
  return {
    socket: socket.socket,
    terminal: pty.stream,
    traffic: socket.traffic,
    onEnded: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onMessage: (listener) => {
      messages.add(listener);
      return () => messages.delete(listener);
    },
    breakIn: () => socket.breakIn(),
    stopTarget: async () => {
      for (const pid of tracedBy(child.pid ?? 0)) process.kill(pid, 'SIGSTOP');
    },
    close: async () => {
      over = true;
      if (closed) return;
      closed = true;
      await socket.leave();
      await socket.close();
      const ended = new Promise((resolve) => child.once('exit', resolve));
      if (child.exitCode === null && child.signalCode === null) {
        setTimeout(() => child.kill('SIGKILL'), 1000).unref();
        await ended;
      }
      pty.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function tracedBy(tracer: number): number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map(Number).filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/status`, 'utf8').includes(`TracerPid:\t${tracer}\n`);
    } catch {
      return false;
    }
  });
}

async function openTerminal() {
  const { master, held, name } = await openPty({ cols: 80, rows: 25 });
  const stream = new Duplex({
    read: () => {
      master.resume();
    },
    write: (chunk: Buffer, _encoding, done) => {
      master.write(chunk);
      done();
    },
  });
  master.on('data', (chunk: Buffer) => {
    if (!stream.push(chunk)) master.pause();
  });
  const close = () => {
    master.destroy();
    closeSync(held);
  };
  return { name, stream, close };
}

/** This machine, as another: what is asked is noted. */
function machine(asked: string[]): Machine {
  const local = new LocalMachine();
  const note = <A extends unknown[], R>(name: string, method: (...args: A) => R) => {
    return (...args: A): R => {
      asked.push(name);
      return method(...args);
    };
  };
  return {
    info: note('info', () => local.info()),
    processes: note('processes', () => local.processes()),
    process: note('process', (pid) => local.process(pid)),
    folder: note('folder', (path) => local.folder(path)),
    program: note('program', (program, cwd) => local.program(program, cwd)),
    images: note('images', (pid, paths) => local.images(pid, paths)),
    readFile: note('readFile', (path, pid, offset) => local.readFile(path, pid, offset)),
    disposition: note('disposition', (pid, signal) => local.disposition(pid, signal)),
    look: note('look', (paths) => local.look(paths)),
  };
}
