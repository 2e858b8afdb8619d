import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ConsoleProcess, runConsole } from './testing/console-process.ts';
import { type Machine, type Machines, makeMachines, noMachines } from './testing/machines.ts';
import { ticker } from './testing/programs.ts';

const impossible = noMachines();
const base = mkdtempSync(join(tmpdir(), 'hawser-clicon-'));
const env = { XDG_DATA_HOME: base, HAWSER_DIRECTORY_PORT: '0' };
let machines: Machines;
const running: ConsoleProcess[] = [];

beforeAll(async () => {
  if (impossible !== null) return;
  machines = makeMachines();
  await runConsole(['certs', 'create', 'lab'], [], env);
});
afterAll(() => {
  machines?.remove();
  rmSync(base, { recursive: true, force: true });
});
beforeEach((context) => {
  if (impossible !== null) context.skip(impossible);
});
afterEach(async () => {
  for (const each of running.splice(0)) {
    each.kill('SIGKILL');
    await each.exited();
  }
});

function start(machine: Machine, ...args: readonly string[]): ConsoleProcess {
  const process = new ConsoleProcess(args, env, machine.inside);
  running.push(process);
  return process;
}

async function serve(machine: Machine, connection: string): Promise<ConsoleProcess> {
  const server = start(machine, 'cdb', '-server', connection, ticker());
  await server.see(/Break instruction exception/);
  return server;
}

describe('clicon between machines', () => {
  it('with certificates, and through a repeater that both ends call', async () => {
    const { birch, rowan } = machines;
    const direct = 'ssl:proto=tls1,certuser=lab,port=5330';
    const waiting = start(rowan, 'cdb', '-remote', `${direct},clicon=birch`);
    await serve(birch, `${direct},clicon=rowan`);
    await waiting.see(/Break instruction exception/);

    // TLS from end to end: the repeater has no part in it.
    const far = start(birch, 'cdb', '-remote', 'ssl:proto=tls1,certuser=lab,clicon=rowan,port=5342');
    start(rowan, 'dbengprx', '-c', 'tcp:clicon=birch,port=5340', '-s', 'tcp:clicon=birch,port=5342');
    await serve(birch, 'ssl:proto=tls1,certuser=lab,port=5340,clicon=rowan');
    await far.see(/Break instruction exception/);
  }, 60_000);

  it('on one side of a repeater only: with TLS it cannot be, and both ends say why', async () => {
    const { birch, rowan } = machines;
    start(rowan, 'dbengprx', '-p', '-c', 'tcp:clicon=birch,port=5344', '-s', 'tcp:port=5345');
    const server = await serve(birch, 'ssl:proto=tls1,certuser=lab,port=5344,clicon=rowan');
    const client = start(birch, 'cdb', '-remote', 'ssl:proto=tls1,certuser=lab,server=rowan,port=5345');
    expect(await client.exited()).toBe(1);
    expect(client.stderr).toContain('begins TLS as who calls does, and so does this end');
    await server.see(/begins TLS as who calls does/);
  }, 60_000);

  it('at the client only: it finds that the server listens', async () => {
    const { birch, rowan } = machines;
    await serve(birch, 'tcp:port=5350,password=abc');
    const client = start(rowan, 'cdb', '-remote', 'tcp:clicon=birch,port=5350,password=abc');
    expect(await client.exited()).toBe(1);
    expect(client.stderr).toContain('birch is a server that listens and does not call');
  });

  it('turns away who is not the machine named', async () => {
    const { birch, rowan } = machines;
    const client = start(rowan, 'cdb', '-remote', 'tcp:clicon=fir,port=5360');
    while (!client.stderr.includes('Waiting on port')) await new Promise((done) => setTimeout(done, 10));
    await serve(birch, 'tcp:port=5360,clicon=rowan');
    while (!client.stderr.includes('Turned away')) await new Promise((done) => setTimeout(done, 10));
    expect(client.stderr).toContain('Turned away a call from 192.0.2.1: fir has the address 192.0.2.9.');
  });
});
