import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { ConsoleProcess, runConsole } from './testing/console-process.ts';
import { ticker } from './testing/programs.ts';

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

async function serve(connection: string, env: Record<string, string> = {}): Promise<ConsoleProcess> {
  const server = start(['cdb', '-server', connection, ticker()], env);
  await server.see(/Break instruction exception/);
  return server;
}

/** @returns what a client gives after -remote */
async function repeat(args: readonly string[]): Promise<{ repeater: ConsoleProcess; remote: string }> {
  const repeater = start(['dbengprx', ...args]);
  const [, remote = ''] = await repeater.see(/^0: <debugger> -remote (\S+)$/m);
  return { repeater, remote };
}

describe('hawser dbengprx', () => {
  it('stands between a server on a pipe and a client over tcp; the server asks for the password', async () => {
    const pipe = `leg-${process.pid}`;
    await serve(`npipe:pipe=${pipe}`, { HAWSER_PASSWORD: 'sesame' });
    const { repeater, remote } = await repeat([
      '-c',
      `npipe:server=localhost,pipe=${pipe}`,
      '-s',
      'tcp:port=0,bind=127.0.0.1',
    ]);
    const { status, stdout } = await runConsole(['cdb', '-remote', remote], ['.echo through', '.clients'], {
      HAWSER_PASSWORD: 'sesame',
    });
    expect(stdout).toMatch(/^through$/m);
    expect(status).toBe(0);
    // Not to stay: it ends with its last connection.
    expect(await repeater.exited()).toBe(0);
    expect(repeater.stderr).toContain('Relaying between');
  });

  it('with -p it stays, and takes a client after one with a wrong password', async () => {
    const port = await freePort();
    await serve(`tcp:port=${port},bind=127.0.0.1`, { HAWSER_PASSWORD: 'sesame' });
    const { remote } = await repeat([
      '-p',
      '-c',
      `tcp:server=127.0.0.1,port=${port}`,
      '-s',
      `npipe:pipe=leg-p-${process.pid}`,
    ]);
    const wrong = await runConsole(['cdb', '-remote', remote], [], { HAWSER_PASSWORD: 'wrong' });
    expect(wrong.stderr).toMatch(/Error 0x80004005/);
    const right = await runConsole(['cdb', '-remote', remote], ['.echo in'], { HAWSER_PASSWORD: 'sesame' });
    expect(right.stdout).toMatch(/^in$/m);
  });

  it('is called by the server and calls the client', async () => {
    const [fromServer, toClient] = [await freePort(), await freePort()];
    const client = start(['cdb', '-remote', `tcp:clicon=127.0.0.1,port=${toClient}`]);
    start([
      'dbengprx',
      '-c',
      `tcp:clicon=127.0.0.1,port=${fromServer}`,
      '-s',
      `tcp:clicon=127.0.0.1,port=${toClient}`,
    ]);
    await serve(`tcp:clicon=127.0.0.1,port=${fromServer}`);
    await client.see(/Break instruction exception/);
    client.type('.echo both ways');
    await client.see(/^both ways$/m);
  });

  it.each([
    [['-c', 'tcp:server=h,port=1'], /Give both -c/],
    [
      ['-c', 'ssl:proto=tls1,certuser=c,server=h,port=1', '-s', 'tcp:port=0'],
      /give it tcp:, and ssl: at the two ends/,
    ],
    [
      ['-c', 'com:port=2,baud=9600,channel=1', '-s', 'com:port=COM2,baud=9600,channel=2'],
      /the same COM port/,
    ],
    [['-c', 'tcp:server=h,port=1', '-s', 'tcp:port=0', 'more'], /Nothing may follow/],
  ])('refuses %j with status 2', async (args, message) => {
    const { status, stderr } = await runConsole(['dbengprx', ...args]);
    expect(stderr).toMatch(message);
    expect(status).toBe(2);
  });
});
