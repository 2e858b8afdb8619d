import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { privatePort } from '../transports/directory/testing/port.ts';
import { ConsoleProcess, runConsole } from './testing/console-process.ts';
import { ABSENT, type Machine, type Machines, makeMachines, noMachines } from './testing/machines.ts';
import { ticker } from './testing/programs.ts';

const impossible = noMachines();
let machines: Machines;
let env: Record<string, string> = {};
const running: ConsoleProcess[] = [];

beforeAll(() => {
  if (impossible === null) machines = makeMachines();
});
afterAll(() => machines?.remove());
beforeEach(async (context) => {
  if (impossible !== null) context.skip(impossible);
  env = { HAWSER_DIRECTORY_PORT: String(await privatePort()) };
});
afterEach(async () => {
  for (const each of running.splice(0)) {
    each.kill('SIGKILL');
    await each.exited();
  }
});

async function serve(machine: Machine, ...connections: readonly string[]) {
  const [first = '', ...more] = connections;
  const server = new ConsoleProcess(['cdb', '-server', first, ticker()], env, machine.inside);
  running.push(server);
  await server.see(/Break instruction exception/);
  server.type(...more.map((connection) => `.server ${connection}`), '.echo all are there');
  await server.see(/^all are there$/m);
  return server;
}

const on = (machine: Machine, args: readonly string[], input: readonly string[] = []) =>
  runConsole(['cdb', ...args], input, env, machine.inside);

/** What is found there of machines that announce themselves. */
async function found({ inside }: Machine): Promise<unknown> {
  const [program = '', ...words] = inside;
  const file = join(import.meta.dirname, '../transports/directory/mdns/find.ts');
  const script = `import { runnerImport } from 'vite';
    const { module } = await runnerImport(${JSON.stringify(file)});
    console.log(JSON.stringify(await module.findMachines()));`;
  const run = promisify(execFile);
  const { stdout } = await run(program, [...words, process.execPath, '--input-type=module', '-e', script]);
  return JSON.parse(stdout);
}

describe('browsing from one machine to another', () => {
  it('shows what this machine can reach, and its own machine all', async () => {
    const { birch, rowan } = machines;
    const pipe = `Plain${process.pid}`;
    await serve(
      birch,
      `npipe:pipe=${pipe}`,
      'tcp:port=5100:5110,password=abc',
      'tcp:port=5200,bind=127.0.0.1',
      'tcp:port=5300,hidden',
    );
    const there = await on(rowan, ['-QR', '\\\\birch']);
    expect(there.stdout).toBe('Servers on \\\\birch:\nDebugger Server - tcp:Port=5100:5110,Password=*\n');
    expect(there.status).toBe(0);
    for (const name of ['birch', birch.address, 'localhost']) {
      const here = await on(birch, ['-QR', name]);
      expect(here.stdout).toBe(
        `Servers on ${name}:
Debugger Server - npipe:Pipe=${pipe}
Debugger Server - tcp:Port=5100:5110,Password=*
Debugger Server - tcp:Port=5200
`,
      );
    }
  });

  it('answers other machines only while something is there for them', async () => {
    const { birch, rowan } = machines;
    const none = 'Servers on birch:\nNone that this machine may reach: hidden servers are never listed.\n';
    const server = await serve(birch, 'tcp:port=5200,bind=127.0.0.1');
    expect(await on(rowan, ['-QR', 'birch'])).toMatchObject({ stdout: none, status: 0 });
    server.type('.server tcp:port=5300', '.echo open');
    await server.see(/^open$/m);
    expect((await on(rowan, ['-QR', 'birch'])).stdout).toContain('Debugger Server - tcp:Port=5300\n');
    server.type('.endsrv 1', '.echo closed');
    await server.see(/^closed$/m);
    expect(await on(rowan, ['-QR', 'birch'])).toMatchObject({ stdout: none, status: 0 });
  });

  it('reaches a pipe with a password, and no other', async () => {
    const { birch, rowan } = machines;
    const [guarded, plain] = [`Guarded${process.pid}`, `Plain${process.pid}`];
    const server = await serve(birch, `npipe:pipe=${guarded},password=abc`, `npipe:pipe=${plain}`);
    expect((await on(rowan, ['-QR', 'birch'])).stdout).toBe(
      `Servers on birch:\nDebugger Server - npipe:Pipe=${guarded},Password=*\n`,
    );
    const remote = `npipe:server=birch,pipe=${guarded}`;
    const right = await on(rowan, ['-remote', `${remote},password=abc`], ['.clients', '.echo hello']);
    expect(right).toMatchObject({ status: 0, stderr: '' });
    expect(right.stdout).toMatch(/^hello$/m);
    await server.see(/npipe Guarded\d+ from 192\.0\.2\.2\)/);
    const wrong = await on(rowan, ['-remote', `${remote},password=abd`]);
    expect(wrong).toMatchObject({ status: 1, stderr: expect.stringContaining('0x80004005') });
    const unguarded = await on(rowan, ['-remote', `npipe:server=birch,pipe=${plain}`]);
    expect(unguarded).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('neither password nor certificate'),
    });
  });

  it('reaches a pipe with a certificate', async () => {
    const { birch, rowan } = machines;
    const home = mkdtempSync(join(tmpdir(), 'hawser-browse-'));
    env = { ...env, XDG_DATA_HOME: home };
    try {
      const created = await runConsole(['certs', 'create', 'lab'], [], env);
      expect(created).toMatchObject({ status: 0, stderr: '' });
      const pipe = `Lab${process.pid}`;
      await serve(birch, `spipe:proto=tls1.3,certuser=lab,pipe=${pipe}`);
      const listed = (await on(rowan, ['-QR', 'birch'])).stdout;
      expect(listed).toMatch(new RegExp(`^Debugger Server - spipe:.*Pipe=${pipe}`, 'm'));
      const remote = `spipe:proto=tls1.3,certuser=lab,server=birch,pipe=${pipe}`;
      const joined = await on(rowan, ['-remote', remote], ['.echo hello']);
      expect(joined).toMatchObject({ status: 0, stdout: expect.stringMatching(/^hello$/m) });
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  });

  it('finds a machine that announces itself, and only while others can reach something there', async () => {
    const { birch, rowan } = machines;
    // As the machine's own name is in nobody's hosts file here, its address is offered.
    const entry = { name: hostname().toLowerCase().split('.')[0], machine: birch.address };
    env = { ...env, HAWSER_MDNS: 'on' };
    const server = await serve(birch, 'tcp:port=5200,bind=127.0.0.1');
    expect(await found(rowan)).toEqual([]);
    server.type('.server tcp:port=5300', '.echo open');
    await server.see(/^open$/m);
    expect(await found(rowan)).toEqual([entry]);
    server.type('.endsrv 1', '.echo closed');
    await server.see(/^closed$/m);
    expect(await found(rowan)).toEqual([]);
    env = { ...env, HAWSER_MDNS: 'off' };
    await serve(rowan, 'tcp:port=5300');
    expect(await found(birch)).toEqual([]);
  });

  it('says that a machine is not there', async () => {
    const { status, stdout, stderr } = await on(machines.rowan, ['-QR', ABSENT]);
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/There is no way from this machine to fir|did not answer within/);
  });
});
