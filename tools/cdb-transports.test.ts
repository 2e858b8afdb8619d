import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ConsoleProcess, runConsole } from './testing/console-process.ts';
import { ticker } from './testing/programs.ts';

const base = mkdtempSync(join(tmpdir(), 'hawser-cdb-'));
/** Two machines as far as certificates go. */
const one = { XDG_DATA_HOME: join(base, 'one') };
const two = { XDG_DATA_HOME: join(base, 'two') };

beforeAll(async () => {
  const password = { HAWSER_CERT_PASSWORD: 'harbour' };
  for (const subject of ['lab', 'other']) {
    await runConsole(['certs', 'create', subject], [], subject === 'lab' ? one : two);
  }
  const file = join(base, 'lab.p12');
  await runConsole(['certs', 'export', 'lab', file], [], { ...one, ...password });
  expect((await runConsole(['certs', 'import', file], [], { ...two, ...password })).status).toBe(0);
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

const running: ConsoleProcess[] = [];
function start(args: readonly string[], env: Record<string, string> = {}): ConsoleProcess {
  const process = new ConsoleProcess(args, env);
  running.push(process);
  return process;
}
afterEach(async () => {
  for (const process of running.splice(0)) {
    process.kill('SIGTERM');
    await process.exited();
  }
});

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((done) => probe.listen(0, '127.0.0.1', done));
  const { port } = probe.address() as { port: number };
  await new Promise((done) => probe.close(done));
  return port;
}

async function serve(connection: string, env: Record<string, string> = {}) {
  const server = start(['cdb', '-server', connection, ticker()], env);
  const [, listed = ''] = await server.see(/^0: <debugger> -remote (.+)$/m);
  await server.see(/Break instruction exception/);
  return { server, listed };
}

const pipe = (name: string) => `${name}-${process.pid}`;

describe('hawser cdb over every transport', () => {
  it('npipe: the line that the server prints works as it stands', async () => {
    const { listed, server } = await serve(`npipe:pipe=${pipe('cdb')}`);
    expect(listed).toBe(`npipe:Pipe=${pipe('cdb')},Server=${hostname()}`);
    expect(server.stderr + server.stdout).not.toContain('WARNING');
    const { status, stdout } = await runConsole(['cdb', '-remote', listed], ['.echo in', '.clients']);
    expect(stdout).toMatch(/^in$/m);
    expect(status).toBe(0);
    const second = await runConsole(['cdb', '-server', `npipe:pipe=${pipe('cdb')}`, ticker()]);
    expect(second.stderr).toMatch(/exists already: another server uses it/);
    const wrong = await runConsole(['cdb', '-remote', `npipe:server=localhost,pipe=${pipe('no')}`]);
    expect(wrong.stderr).toMatch(/There is no server on the pipe/);
  });

  it('ssl: both ends with one certificate, in a range of ports, without a warning', async () => {
    const { listed, server } = await serve('ssl:proto=tls1,certuser=lab,port=5400:5499', one);
    expect(listed).toMatch(/^ssl:Proto=tls1,CertUser=lab,Port=54\d\d,Server=/);
    expect(server.stderr + server.stdout).not.toContain('WARNING');
    const right = await runConsole(['cdb', '-remote', listed], ['.echo in', '.servers'], two);
    expect(right.stdout).toMatch(/^in$/m);
    expect(right.stdout).toMatch(/^0 - Debugger Server - ssl:Proto=tls1,CertUser=lab,Port=54\d\d:5499$/m);
    const other = listed.replace('CertUser=lab', 'certuser=other');
    const wrong = await runConsole(['cdb', '-remote', other], [], two);
    expect(wrong.stderr).toMatch(
      /The server showed another certificate than the client has: [0-9A-F]{64} instead of [0-9A-F]{64}/,
    );
    expect(wrong.status).toBe(1);
    const none = await runConsole(['cdb', '-remote', listed.replace('=lab', '=nosuch')], [], two);
    expect(none.stderr).toMatch(/No certificate named nosuch is in this user's store/);
    const plain = await runConsole(['cdb', '-remote', listed.replace(/ssl:.*?Port/, 'tcp:Port')]);
    expect(plain.stderr).toMatch(/it speaks TLS/);
    await server.see(/^0:000> /m);
  });

  it('spipe with a password, bound to the channel', async () => {
    const env = { ...one, HAWSER_PASSWORD: 'sesame' };
    const { listed } = await serve(`spipe:proto=tls1.3,certuser=lab,pipe=${pipe('spipe')}`, env);
    expect(listed).toMatch(/^spipe:Proto=tls1\.3,CertUser=lab,Pipe=.*,Password=\*$/);
    const right = await runConsole(['cdb', '-remote', listed], ['.echo in'], {
      ...two,
      HAWSER_PASSWORD: 'sesame',
    });
    expect(right.stdout).toMatch(/^in$/m);
    const wrong = await runConsole(['cdb', '-remote', listed], [], { ...two, HAWSER_PASSWORD: 'wrong' });
    expect(wrong.stderr).toMatch(/Error 0x80004005/);
  });

  it.each([
    ['tcp:', {}, {}],
    ['ssl:proto=tls1,certuser=lab,', one, two],
  ])('%sclicon: either may start first; both say what they wait for', async (beginning, at, here) => {
    const port = await freePort();
    const clicon = `${beginning}clicon=localhost,port=${port}`;
    const { server } = await serve(clicon, at);
    await server.see(new RegExp(`Calling localhost:${port}`));
    await server.see(/Calling again in/);
    const first = await runConsole(['cdb', '-remote', clicon], ['.echo after'], here);
    expect(first.stdout).toMatch(/^after$/m);
    expect(first.stderr).toContain(`Waiting on port ${port} for localhost to call.`);
    await server.see(/has ended\. Calling again/);
  });

  it('clicon: the client first, and cancelled', async () => {
    const port = await freePort();
    const client = start(['cdb', '-remote', `tcp:clicon=localhost,port=${port}`]);
    while (!client.stderr.includes('Waiting on port')) await new Promise((done) => setTimeout(done, 10));
    client.kill('SIGINT');
    expect(await client.exited()).toBe(1);
    expect(client.stderr).toContain('Cancelled.');
  });

  it('.server opens further servers of any kind, listed with their strings', async () => {
    const { server } = await serve(`npipe:pipe=${pipe('first')}`, one);
    server.type(
      `.server spipe:proto=tls1,certuser=lab,pipe=${pipe('second')}`,
      '.server tcp:port=0,icfenable',
    );
    await server.see(/IcfEnable: Hawser leaves the firewall as it is/);
    await server.see(/WARNING: This server has no password/);
    server.type('.server ssl:proto=ssl3,certuser=lab,port=1', '.servers');
    await server.see(/SSL 3\.0 is broken/);
    await server.see(
      new RegExp(`^1 - Debugger Server - spipe:Proto=tls1,CertUser=lab,Pipe=${pipe('second')}$`, 'm'),
    );
    const remote = `spipe:proto=tls1,certuser=lab,server=localhost,pipe=${pipe('second')}`;
    const { stdout } = await runConsole(['cdb', '-remote', remote], ['.echo by the second'], two);
    expect(stdout).toMatch(/^by the second$/m);
  });

  it('does not start a server whose certificate is not there', async () => {
    const server = ['cdb', '-server', 'ssl:proto=tls1,certuser=nosuch,port=0', ticker()];
    const { status, stderr } = await runConsole(server, [], one);
    expect(stderr).toMatch(/No certificate named nosuch/);
    expect(status).toBe(1);
  });
});
