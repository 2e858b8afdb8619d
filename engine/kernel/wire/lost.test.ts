import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { Relay } from '../../../transports/com/testing/relay.ts';
import type { Stub } from '../../stub/stub.ts';
import { freePort, gdb } from '../../stub/testing/stubs.ts';
import { testKernel } from '../testing/kernel.ts';
import { until, wires } from './testing/reach.ts';
import { startVm, type Vm } from './testing/vm.ts';

const { ends, reach: connect, serve } = wires({ askMs: 1500, silenceMs: 1500 });

/** A connection, and what it says of its wire. */
async function reach(wire: string): Promise<{ readonly stub: Stub; readonly told: string[] }> {
  const stub = await connect(wire);
  const told: string[] = [];
  stub.onStatus((status) => told.push(status.state === 'lost' ? status.error.code : status.state));
  return { stub, told };
}

/** The machine can be debugged: its registers by a real GDB, which lets it run on. */
async function answers(stub: Stub): Promise<void> {
  const opened = await stub.openDebugger();
  expect(await gdb(opened.socket, 'info registers rip cs', 'detach')).toMatch(/rip +0x[\s\S]*cs +0x/);
  await opened.close();
}

/** Somebody debugs it, and wants to know something now. The registers are asked for again and again. */
async function asks(stub: Stub): Promise<() => Promise<void>> {
  const opened = await stub.openDebugger();
  const socket = createConnection(opened.socket);
  socket.on('error', () => undefined);
  socket.resume();
  await once(socket, 'connect');
  const again = setInterval(() => socket.write('$g#67'), 100);
  return async () => {
    clearInterval(again);
    socket.destroy();
    await opened.close();
  };
}

test('a debugger that ends without a word leaves no breakpoints behind a serial line', async () => {
  const cable = await Relay.open();
  ends.push(() => cable.close());
  const { image } = testKernel();
  const vm = await startVm(
    'chardev:line',
    ...['-chardev', `serial,id=line,path=${cable.ends[1]}`],
    ...['-cpu', 'max', '-smp', '2', '-kernel', image],
  );
  const { stub } = await reach(`com:port=${cable.ends[0]},baud=115200`);
  const opened = await stub.openDebugger();
  const said = await gdb(
    opened.socket,
    `file ${image}`,
    'set breakpoint always-inserted on',
    'break count_tick',
    'continue',
    'python __import__("os").kill(__import__("os").getpid(), 9)',
  );
  expect(said).toContain('Breakpoint 1, count_tick');
  await opened.close();
  await until(async () => (await vm.status()) === 'running');
  // Ten rings of both timers later.
  await sleep(200);
  expect(await vm.status()).toBe('running');
});

describe('a wire to a real machine that is lost, and met again', () => {
  test.each([
    ['gdb:', false],
    ['gdb: behind a KD connection server', true],
  ])('%s, the machine is killed, and started again', async (_way, lent) => {
    const port = await freePort();
    const first = await startVm(`tcp:127.0.0.1:${port}`);
    const wire = `gdb:server=127.0.0.1,port=${port}`;
    const { stub, told } = await reach(
      lent ? `kdsrv:server=@{${(await serve()).connection}},trans=@{${wire}}` : wire,
    );
    await answers(stub);
    await first.kill();
    await until(() => told.length > 0);
    expect(told[0]).toMatch(/^WIRE_(?:CLOSED|RESET)$/);
    await startVm(`tcp:127.0.0.1:${port}`);
    await until(() => stub.status.state === 'up');
    expect(told).toEqual([told[0], 'up']);
    await answers(stub);
  });

  test('a pair of FIFOs: waited for, the machine killed, and started again', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'hawser-fifo-'));
    ends.push(() => rmSync(folder, { recursive: true, force: true }));
    const path = join(folder, 'com');
    execFileSync('mkfifo', [`${path}.in`, `${path}.out`]);
    const boot = (): Promise<Vm> => startVm('chardev:wire', '-chardev', `pipe,id=wire,path=${path}`);
    const first = await boot();
    const { stub, told } = await reach(`com:pipe,port=${path},resets=0,reconnect`);
    await answers(stub);
    await first.kill();
    await until(() => told.length > 0);
    await boot();
    await until(() => stub.status.state === 'up');
    expect(told).toEqual(['WIRE_CLOSED', 'up']);
    await answers(stub);
  });

  async function onLine() {
    const cable = await Relay.open();
    ends.push(() => cable.close());
    await startVm('chardev:line', '-chardev', `serial,id=line,path=${cable.ends[1]}`);
    const reached = await reach(`com:port=${cable.ends[0]},baud=115200`);
    return { cable, ...reached };
  }

  test('a serial line: unplugged, and plugged in again', async () => {
    const { cable, stub, told } = await onLine();
    const leave = await asks(stub);
    await cable.unplug(0);
    await until(() => told.length > 0);
    expect(told[0]).toBe('WIRE_CLOSED');
    await leave();
    await cable.plug(0);
    await until(() => stub.status.state === 'up');
    await answers(stub);
  });

  test.each([
    ['cut', 'WIRE_SILENT', 'stalled'],
    // What the machine says; it hears well.
    ['disturbed', 'WIRE_GARBLED', 'garble'],
  ] as const)('a serial line: %s, and restored', async (_how, code, fault) => {
    const { cable, stub, told } = await onLine();
    const leave = await asks(stub);
    cable.wires[1][fault] = true;
    await until(() => told.length > 0);
    expect(told[0]).toBe(code);
    await leave();
    cable.wires[1].forget();
    cable.wires[1][fault] = false;
    await until(() => stub.status.state === 'up');
    await answers(stub);
  });
});
