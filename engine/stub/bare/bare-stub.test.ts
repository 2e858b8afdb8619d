import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { hostname } from 'node:os';
import { afterEach, describe, expect, it } from 'vitest';
import { noDebugRegisters } from '../../gdb/testing/hardware.ts';
import { compile } from '../../gdb/testing/programs.ts';
import type { Stub } from '../stub.ts';
import { freePort, gdb, gdbserver, lldbServer, qemu, valgrind } from '../testing/stubs.ts';
import { type BareOptions, connectBareStub } from './bare-stub.ts';

const stubs: Stub[] = [];
const servers: Server[] = [];

afterEach(async () => {
  for (const stub of stubs.splice(0)) await stub.close();
  for (const server of servers.splice(0)) server.close();
});

const program = compile(
  'bare-plain.c',
  `
  #include <stdlib.h>
  #include <unistd.h>
  int total;
  int add(int n) { return total += n; } // here
  int main(int argc, char **argv) {
    if (argc > 1) sleep(atoi(argv[1]));
    for (int i = 0; i < 3; i++) add(i);
    return 7;
  }
`,
).path;

async function connect(port: number, options: Partial<BareOptions> = {}): Promise<Stub> {
  const signal = new AbortController().signal;
  const connection = `gdb:Server=127.0.0.1,Port=${port}`;
  const stub = await connectBareStub(
    { protocol: 'gdb', role: 'client', server: '127.0.0.1', port },
    { signal, connection, ...options },
  );
  stubs.push(stub);
  return stub;
}

/** Somebody who listens and answers a connection in its own way. */
async function listener(talk: (socket: import('node:net').Socket) => void): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    talk(socket);
  }).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return (server.address() as { port: number }).port;
}

const LOOK = ['break add', 'continue', 'bt', 'info registers rip', 'x/4xb $sp', 'print n', 'delete'];

describe('gdbserver on one program', () => {
  it('has a process, and GDB debugs it to its end', async () => {
    const server = await gdbserver(program);
    const stub = await connect(server.port);
    expect(stub).toMatchObject({ kind: 'bare', hasProcess: true, machineName: hostname() });
    expect(typeof stub.attach).toBe('string');
    const opened = await stub.openDebugger();
    const ended = new Promise((resolve) => opened.onEnded(resolve));
    const out = await gdb(opened.socket, `file ${program}`, ...LOOK, 'continue');
    expect(out).toMatch(/#0 {2}add \(n=0\)/);
    expect(out).toContain('exited with code 07');
    expect(opened.traffic.roundTrips).toBeGreaterThan(5);
    // It has nothing left to do: that is no death.
    server.process.kill('SIGKILL');
    expect(await ended).toMatchObject({ code: 'SERVER_ENDED' });
    expect(stub.status).toMatchObject({ state: 'ended' });
  });

  it('refuses a second debugger in typed words, until the first has gone', async () => {
    const stub = await connect((await gdbserver(program)).port);
    const first = await stub.openDebugger();
    await expect(stub.openDebugger()).rejects.toMatchObject({ code: 'STUB_UNSUPPORTED' });
    await first.close();
  });

  it('that dies under its process is said to have died', async () => {
    const server = await gdbserver(program);
    const stub = await connect(server.port);
    const opened = await stub.openDebugger();
    const ended = new Promise((resolve) => opened.onEnded(resolve));
    server.process.kill('SIGKILL');
    expect(await ended).toMatchObject({ code: 'STUB_DIED' });
  });

  it('cannot be ended from here', async () => {
    const stub = await connect((await gdbserver(program)).port);
    await expect(stub.endServer()).rejects.toMatchObject({ code: 'UNSUPPORTED' });
  });
});

describe('gdbserver attached to a process', () => {
  it('lets it run on when the debugger closes', async () => {
    const target = spawn(program, ['60'], { stdio: 'ignore' });
    await once(target, 'spawn');
    try {
      const stub = await connect((await gdbserver('--attach', `${target.pid}`)).port);
      expect(stub.hasProcess).toBe(true);
      const opened = await stub.openDebugger();
      expect(await gdb(opened.socket, 'info threads', 'info registers rip')).toMatch(/rip +0x/);
      await opened.close();
      await stub.close();
      expect(target.exitCode).toBe(null);
    } finally {
      target.kill('SIGKILL');
    }
  });
});

describe('gdbserver --multi', () => {
  it('lists processes, looks at them and at programs', async () => {
    const target = spawn(program, ['60'], { stdio: 'ignore' });
    await once(target, 'spawn');
    try {
      const stub = await connect((await gdbserver('--multi')).port);
      expect(stub).toMatchObject({ hasProcess: false, attach: true, launch: true });
      const { machine } = stub;
      expect(await machine.info()).toMatchObject({ host: hostname(), system: 'Linux', cwd: process.cwd() });
      const found = (await machine.processes()).find(({ pid }) => pid === target.pid);
      expect(found).toMatchObject({
        parent: process.pid,
        name: 'bare-plain',
        commandLine: `${program} 60`,
        architecture: (await machine.info()).architecture,
        obstacle: null,
      });
      expect(Math.abs((found?.started ?? 0) - Date.now())).toBeLessThan(600_000);
      const details = await machine.process(target.pid as number);
      expect(details).toMatchObject({ executable: program, args: ['60'], threads: 1 });
      expect(details.mappings.map(({ path }) => path)).toContain(program);
      const [image, none] = await machine.images(null, [program, '/nowhere']);
      expect(image).toMatchObject({ path: program, buildId: expect.stringMatching(/^[0-9a-f]{40}$/) });
      expect(none).toBe(null);
      expect(await machine.program('sh', null)).toMatchObject({ path: expect.stringMatching(/\/sh$/) });
      await expect(machine.program('/nowhere', null)).rejects.toMatchObject({ code: 'PROGRAM_NOT_FOUND' });
      await expect(machine.folder('/')).rejects.toMatchObject({ code: 'UNSUPPORTED' });
      await expect(machine.process(2 ** 22 + 1)).rejects.toMatchObject({ code: 'ATTACH_REFUSED' });
    } finally {
      target.kill('SIGKILL');
    }
  });

  it('starts a program, and another one after that', async () => {
    const stub = await connect((await gdbserver('--multi')).port);
    for (let round = 0; round < 2; round += 1) {
      const opened = await stub.openDebugger();
      const out = await gdb(
        opened.socket,
        `file ${program}`,
        `set remote exec-file ${program}`,
        'break add',
        'run',
        'bt',
        'kill',
      );
      expect(out).toMatch(/#0 {2}add \(n=0\)/);
      await opened.close();
    }
    expect(stub.status).toEqual({ state: 'up' });
  });

  it('lets go what GDB leaves behind', async () => {
    const target = spawn(program, ['60'], { stdio: 'ignore' });
    await once(target, 'spawn');
    try {
      const stub = await connect((await gdbserver('--multi')).port);
      const opened = await stub.openDebugger();
      const out = await gdb(opened.socket, `attach ${target.pid}`, 'python import os; os._exit(0)');
      expect(out).not.toMatch(/error/i);
      await opened.close();
      const { readFileSync } = await import('node:fs');
      expect(readFileSync(`/proc/${target.pid}/status`, 'utf8')).toMatch(/TracerPid:\s+0\n/);
      const again = await stub.openDebugger();
      expect(await gdb(again.socket, `attach ${target.pid}`, 'detach')).toMatch(/detached/i);
    } finally {
      target.kill('SIGKILL');
    }
  });

  it('reads files whole, from any offset', async () => {
    const stub = await connect((await gdbserver('--multi')).port);
    const parts: Buffer[] = [];
    for await (const part of stub.machine.readFile(program, null, 100)) parts.push(part as Buffer);
    const { readFileSync } = await import('node:fs');
    expect(Buffer.concat(parts).equals(readFileSync(program).subarray(100))).toBe(true);
    const failing = stub.machine.readFile('/nowhere', null, 0).resume();
    const [error] = await once(failing, 'error');
    expect(error).toMatchObject({ code: 'FILE_UNREADABLE' });
  });

  it('ends when it is told to', async () => {
    const server = await gdbserver('--multi');
    const stub = await connect(server.port);
    const gone = once(server.process, 'exit');
    await stub.endServer();
    await gone;
    expect(stub.status).toEqual({ state: 'ended', error: null });
  });
});

describe('other stubs', () => {
  it('QEMU: a machine, without acknowledgements to turn off', async () => {
    const stub = await connect((await qemu()).port);
    expect(stub.hasProcess).toBe(true);
    await expect(stub.machine.processes()).rejects.toMatchObject({ code: 'UNSUPPORTED' });
    const opened = await stub.openDebugger();
    const out = await gdb(
      opened.socket,
      'info registers rip',
      'x/2i $pc',
      'stepi',
      'stepi',
      'info registers rip',
    );
    expect(out).toMatch(/rip +0xfff0 /);
    expect(out.match(/rip +0x[0-9a-f]+/g)?.at(-1)).not.toMatch(/0xfff0$/);
  });

  it('lldb-server on a program: registers, breakpoints, steps, to its end', async () => {
    const stub = await connect((await lldbServer('--', program)).port);
    expect(stub.hasProcess).toBe(true);
    const opened = await stub.openDebugger();
    const out = await gdb(
      opened.socket,
      `file ${program}`,
      ...LOOK.slice(0, -1),
      'info registers',
      'info all-registers xmm0 mxcsr ftag',
      'set var n = 5',
      'set $rbx = 0x1234',
      'print $rbx',
      'stepi',
      'stepi',
      'print $pc > (void *)&add',
      'next',
      'info threads',
      'thread apply all bt 1',
      'delete',
      'continue',
    );
    expect(out).toMatch(/#0 {2}add \(n=0\)/);
    expect(out).toMatch(/rip +0x[0-9a-f]+ +0x[0-9a-f]+ <add/);
    expect(out).toMatch(/ftag +0xffff/);
    expect(out).toContain('= 4660');
    expect(out).toContain('exited with code 07');
  });

  it('lldb-server: a watchpoint', async ({ skip }) => {
    const missing = noDebugRegisters();
    if (missing !== null) return skip(missing);
    const stub = await connect((await lldbServer('--', program)).port);
    const opened = await stub.openDebugger();
    const out = await gdb(
      opened.socket,
      `file ${program}`,
      'break add',
      'continue',
      'delete 1',
      'watch total',
      'continue',
    );
    expect(out).toMatch(/Old value = .*\nNew value = /);
  });

  it('lldb-server on a process: left running when it is let go', async () => {
    const target = spawn(program, ['60'], { stdio: 'ignore' });
    await once(target, 'spawn');
    try {
      const stub = await connect((await lldbServer('--attach', `${target.pid}`)).port);
      const opened = await stub.openDebugger();
      const out = await gdb(opened.socket, `file ${program}`, 'bt', 'info registers rip', 'detach');
      expect(out).toMatch(/#\d+ .*main \(/);
      await opened.close();
      await stub.close();
      expect(target.exitCode).toBe(null);
      const { readFileSync } = await import('node:fs');
      expect(readFileSync(`/proc/${target.pid}/status`, 'utf8')).toMatch(/TracerPid:\s+0\n/);
    } finally {
      target.kill('SIGKILL');
    }
  });

  it('lldb-server without a process is refused in typed words', async () => {
    const { port } = await lldbServer();
    await expect(connect(port)).rejects.toMatchObject({ code: 'STUB_UNSUPPORTED' });
  });

  it('valgrind: a program', async () => {
    const stub = await connect((await valgrind(program)).port);
    expect(stub.hasProcess).toBe(true);
    const opened = await stub.openDebugger();
    const out = await gdb(opened.socket, `file ${program}`, ...LOOK, 'continue');
    expect(out).toMatch(/#0 {2}add \(n=0\)/);
    expect(out).toContain('exited with code 07');
  });
});

describe('what is no stub', () => {
  it('is named by what it looks like', async () => {
    const port = await listener((socket) => socket.write('SSH-2.0-OpenSSH_9.2\r\n'));
    await expect(connect(port, { silenceMs: 300 })).rejects.toMatchObject({
      code: 'NOT_A_STUB',
      message: expect.stringContaining('SSH'),
    });
    const web = await listener((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    await expect(connect(web)).rejects.toMatchObject({
      code: 'NOT_A_STUB',
      message: expect.stringContaining('HTTP'),
    });
    const shut = await listener((socket) => socket.destroy());
    await expect(connect(shut)).rejects.toMatchObject({ code: 'NOT_A_STUB' });
  });

  it('is told apart when it only takes the connection, and is not waited for twice', async () => {
    let asked = 0;
    const port = await listener((socket) => socket.on('data', () => (asked += 1)));
    await expect(connect(port, { silenceMs: 200 })).rejects.toMatchObject({ code: 'STUB_SILENT' });
    expect(asked).toBe(1);
  });

  it('gdbserver that serves somebody else already is silent', async () => {
    const { port } = await gdbserver('--multi');
    await connect(port);
    await expect(connect(port, { silenceMs: 300 })).rejects.toMatchObject({ code: 'STUB_SILENT' });
  });

  it('nobody there, and a wait that is cancelled', async () => {
    await expect(connect(await freePort())).rejects.toMatchObject({ code: 'CONNECTION_REFUSED' });
    const port = await listener(() => {});
    const stop = new AbortController();
    const waiting = connect(port, { signal: stop.signal });
    setTimeout(() => stop.abort(), 50);
    await expect(waiting).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});
