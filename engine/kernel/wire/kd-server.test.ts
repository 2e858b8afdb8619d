import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ptyPair } from '../../../transports/com/testing/pty-pair.ts';
import { parseConnectionString } from '../../../transports/connection-string.ts';
import { type HawserError, toHawserError } from '../../../transports/errors/error.ts';
import type { Stub, StubStatus } from '../../stub/stub.ts';
import { freePort, gdb } from '../../stub/testing/stubs.ts';
import { KdServerLink } from './client/kdsrv.ts';
import { connectKernel } from './connect.ts';
import type { KdServer } from './server/kd-server.ts';
import { until, wires } from './testing/reach.ts';
import { startVm } from './testing/vm.ts';

const { ends, options, reach, serve } = wires({ getPassword: async () => 'Passw1' });

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'hawser-kd-'));
  ends.push(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

const through = (server: KdServer, trans: string) =>
  `kdsrv:server=@{${server.connection.replace('Password=*', 'Password=Passw1')}},trans=@{${trans}}`;

const failing = (promise: Promise<unknown>): Promise<HawserError> =>
  promise.then(
    () => Promise.reject(new Error('it did not fail')),
    (error: unknown) => toHawserError(error),
  );

/** The registers, by a real GDB through the stub; it detaches, and the machine runs on. */
async function registers(stub: Stub): Promise<string> {
  const opened = await stub.openDebugger();
  const said = await gdb(opened.socket, 'info registers rip cs', 'detach');
  await opened.close();
  return said;
}

const REGISTERS = /rip +0x[0-9a-f]+[\s\S]*cs +0x/;

describe('a wire of this machine', () => {
  test("QEMU's stub by tcp", async () => {
    const port = await freePort();
    const vm = await startVm(`tcp:127.0.0.1:${port}`);
    const stub = await reach(`gdb:server=127.0.0.1,port=${port}`);
    expect(stub.kernel).toEqual({ wire: `gdb:Port=${port},Server=127.0.0.1`, server: null });
    expect(await registers(stub)).toMatch(REGISTERS);
    expect(await vm.status()).toBe('running');
  });

  test('nobody debugged it: it runs on', async () => {
    const port = await freePort();
    const vm = await startVm(`tcp:127.0.0.1:${port}`);
    const stub = await reach(`gdb:server=127.0.0.1,port=${port}`);
    await until(async () => (await vm.status()) === 'paused');
    await stub.close();
    await until(async () => (await vm.status()) === 'running');
  });

  test("QEMU's stub over a serial line, broken into", async () => {
    const cable = await ptyPair();
    ends.push(() => cable.close());
    const vm = await startVm('chardev:line', '-chardev', `serial,id=line,path=${cable.ends[1]}`);
    const stub = await reach(`com:port=${cable.ends[0]},baud=115200`);
    const opened = await stub.openDebugger();
    // A pseudo-terminal has no line to hold low: 0x03 it is.
    const said = await gdb(
      opened.socket,
      'python import threading',
      'python threading.Timer(2, lambda: __import__("os").kill(__import__("os").getpid(), 2)).start()',
      'continue',
      'info registers rip cs',
      'detach',
      // GDB goes on asking, and QEMU would stop its machine at the first byte.
      'maint packet Hgp0.0',
      'maint packet ?',
    );
    expect(said).toMatch(REGISTERS);
    expect(said).toContain('received: "W00"');
    await until(async () => (await vm.status()) === 'running');
    await opened.close();
    expect(await vm.status()).toBe('running');
  });

  test('a virtual machine by its pipe, which is waited for', async () => {
    const path = join(folder(), 'gdb');
    expect((await failing(connectKernel(`com:pipe,port=${path}`, options))).code).toBe('WIRE_PIPE_FAILED');
    const notices: string[] = [];
    const coming = reach(`com:pipe,port=${path},resets=0,reconnect`, {
      notice: (text) => notices.push(text),
    });
    await until(() => notices.length > 0);
    const vm = await startVm(`unix:${path},server=on,wait=off`);
    const stub = await coming;
    expect(await registers(stub)).toMatch(REGISTERS);
    // Its machine is started anew, and met again.
    const states: StubStatus['state'][] = [];
    stub.onStatus(({ state }) => states.push(state));
    await vm.kill();
    await until(() => states.includes('lost'));
    await startVm(`unix:${path},server=on,wait=off`);
    await until(() => stub.status.state === 'up');
    expect(await registers(stub)).toMatch(REGISTERS);
    expect(states).toEqual(['lost', 'up']);
  });

  test('nobody waits longer than told to', async () => {
    const cancel = new AbortController();
    const path = join(folder(), 'gdb');
    const coming = connectKernel(`com:pipe,port=${path},reconnect`, { ...options, signal: cancel.signal });
    setTimeout(() => cancel.abort(), 50);
    expect((await failing(coming)).code).toBe('CANCELLED');
  });
});

describe('a KD connection server', () => {
  test('takes what is left out from its own environment, and one user a wire', async () => {
    const cable = await ptyPair();
    ends.push(() => cable.close());
    await startVm('chardev:line', '-chardev', `serial,id=line,path=${cable.ends[1]}`);
    const server = await serve({
      variables: { _NT_DEBUG_PORT: cable.ends[0], _NT_DEBUG_BAUD_RATE: '57600' },
    });
    const stub = await reach(through(server, 'com:'));
    expect(stub.kernel?.wire).toBe(`com:Port=${cable.ends[0]},Baud=57600`);
    const second = await failing(
      connectKernel(through(server, `com:port=${cable.ends[0]},baud=9600`), options),
    );
    expect(second.code).toBe('WIRE_TAKEN');
    expect(second.message).toMatch(/\\.*\(tcp 127\.0\.0\.1:\d+\) debugs a kernel/);
    await stub.close();
    // As soon as the first has let it go.
    let third: Stub | null = null;
    await until(async () => {
      third = await reach(through(server, 'com:')).catch(() => null);
      return third !== null;
    });
    expect(await registers(third as unknown as Stub)).toMatch(REGISTERS);
  });

  test('says what is wrong with the wire, and stays', async () => {
    const server = await serve();
    const code = async (trans: string) =>
      (await failing(connectKernel(through(server, trans), options))).code;
    expect(await code('com:')).toBe('WIRE_PORT_MISSING');
    expect(await code('com:port=/dev/ttyNone7,baud=9600')).toBe('COM_PORT_NOT_FOUND');
    expect(await code(`gdb:server=127.0.0.1,port=${await freePort()}`)).toBe('CONNECTION_REFUSED');
    expect(await code('com:pipe,port=/nowhere')).toBe('WIRE_PIPE_FAILED');
    expect(server.clients).toBe(0);
  });

  test('sends the break of its line, and lets the kernel go when its client is gone', async () => {
    const cable = await ptyPair();
    ends.push(() => cable.close());
    const vm = await startVm('chardev:line', '-chardev', `serial,id=line,path=${cable.ends[1]}`);
    const breaks: string[] = [];
    const server = await serve({
      resumeWindow: 0,
      lineBreak: async (path, baud) => {
        breaks.push(`${path} ${baud}`);
        // As a port that has no break: the other way is taken.
        throw new Error('Inappropriate ioctl for device');
      },
    });
    const stub = await reach(through(server, `com:port=${cable.ends[0]},baud=115200`));
    const opened = await stub.openDebugger();
    const running = gdb(opened.socket, 'continue');
    await until(async () => (await vm.status()) === 'running');
    expect(opened.breakIn?.()).toBe(true);
    // Not by the monitor: GDB leaves after its last command, and the machine may be paused for a moment only.
    expect(await running).toContain('SIGINT');
    expect(breaks).toEqual([`${cable.ends[0]} 115200`]);
    await stub.close();
    await until(async () => (await vm.status()) === 'running');
  });

  test('lets the kernel behind a socket go, too', async () => {
    const port = await freePort();
    const vm = await startVm(`tcp:127.0.0.1:${port}`);
    const server = await serve({ resumeWindow: 0 });
    const stub = await reach(through(server, `gdb:server=localhost,port=${port}`));
    const opened = await stub.openDebugger();
    // It leaves without a word.
    await gdb(opened.socket, 'hbreak *0x1234', 'python __import__("os").kill(__import__("os").getpid(), 9)');
    expect(await vm.status()).toBe('paused');
    await server.close();
    await until(async () => (await vm.status()) === 'running');
  });

  test('is asked what its machine has, and ended from its client', async () => {
    const path = join(folder(), 'gdb');
    await startVm(`unix:${path},server=on,wait=off`);
    const server = await serve();
    const target = parseConnectionString(server.connection, { role: 'client', backslashes: 'strip' });
    const link = await KdServerLink.connect(target, options);
    const offers = await link.offers();
    expect(offers).toContainEqual({
      trans: `com:pipe,port=${path},resets=0,reconnect`,
      title: expect.stringMatching(/The stub of qemu-system-x86_64, process \d+/),
      takenBy: null,
    });
    await link.endServer();
    await server.ended;
    await link.close();
  });

  test('is no process server, and the other way round', async () => {
    const server = await serve();
    const { connectStub } = await import('../../stub/connect.ts');
    const error = await failing(connectStub(server.connection, options));
    expect(error.code).toBe('WRONG_KIND');
    expect(error.data).toMatchObject({ is: 'kd' });
  });
});
