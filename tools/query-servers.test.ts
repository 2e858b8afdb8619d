import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { privatePort } from '../transports/directory/testing/port.ts';
import { ConsoleProcess, runConsole } from './testing/console-process.ts';
import { ticker } from './testing/programs.ts';

let env: Record<string, string> = {};
const running: ConsoleProcess[] = [];

beforeEach(async () => {
  env = { HAWSER_DIRECTORY_PORT: String(await privatePort()) };
});
afterEach(async () => {
  for (const each of running.splice(0)) {
    each.kill('SIGKILL');
    await each.exited();
  }
});

/** A debugging server in a process of its own. @returns it, and what it printed to connect with */
async function serve(connection: string, more: Record<string, string> = {}) {
  const server = new ConsoleProcess(['cdb', '-server', connection, ticker()], { ...env, ...more });
  running.push(server);
  const [, printed = ''] = await server.see(/-remote (\S+)/);
  return { server, printed, port: /Port=(\d+)/.exec(printed)?.[1] ?? '' };
}

const query = (machine = '\\\\localhost') => runConsole(['cdb', '-QR', machine], [], env);
const lines = async () => (await query()).stdout.split('\n').slice(1, -1).sort();

describe('hawser cdb -QR', () => {
  it('lists the servers of a machine in the documented form, and not the hidden ones', async () => {
    const { port } = await serve('tcp:port=7100:7400,bind=127.0.0.1', { HAWSER_PASSWORD: 'sesame, open' });
    await serve('tcp:port=0,bind=127.0.0.1,hidden');
    const { server } = await serve(`npipe:pipe=Main${port}`);
    server.type(`.server npipe:pipe=More${port},hidden`, `.server npipe:pipe=Other${port},password=abc`);
    await server.see(/Pipe=Other/);
    const { status, stdout, stderr } = await query();
    expect(stderr).toBe('');
    expect(stdout).toBe(
      `Servers on \\\\localhost:
Debugger Server - tcp:Port=${port}:7400,Password=*
Debugger Server - npipe:Pipe=Main${port}
Debugger Server - npipe:Pipe=Other${port},Password=*
`,
    );
    expect(status).toBe(0);
    server.type('.endsrv 2');
    await server.see(/Server told to exit/);
    expect((await query('localhost')).stdout).toBe(
      `Servers on localhost:
Debugger Server - tcp:Port=${port}:7400,Password=*
Debugger Server - npipe:Pipe=Main${port}
`,
    );
  });

  it('goes on when the process that serves the directory is killed, and tells who else was', async () => {
    const first = await serve('tcp:port=0,bind=127.0.0.1');
    const second = await serve('tcp:port=0,bind=127.0.0.1');
    const third = await serve('tcp:port=0,bind=127.0.0.1');
    const line = ({ port }: { port: string }) => `Debugger Server - tcp:Port=${port}`;
    expect(await lines()).toEqual([first, second, third].map(line).sort());
    first.server.kill('SIGKILL');
    await first.server.exited();
    await expect.poll(lines, { timeout: 30_000 }).toEqual([second, third].map(line).sort());
    // Joins, and is killed: the one that serves has seen it.
    const fourth = await serve('tcp:port=0,bind=127.0.0.1');
    fourth.server.kill('SIGKILL');
    await fourth.server.exited();
    const stale = `${line(fourth)}  (not answering)`;
    expect(await lines()).toEqual([line(second), line(third), stale].sort());
    const left = await runConsole(['cdb', '-remote', `tcp:port=${fourth.port}`], [], env);
    expect(left.stderr).toMatch(/refused the connection/);
  });

  it('shows the servers of several users together, and introduces them to pipes with a password', async (context) => {
    if (process.getuid?.() !== 0) context.skip('being another user needs root');
    const as = ['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups'];
    const mine = { ...env, XDG_RUNTIME_DIR: '' };
    const pipe = `Users${process.pid}`;
    const { server } = await serve(`npipe:pipe=${pipe},password=abc`);
    server.type(`.server npipe:pipe=${pipe}Own`);
    await server.see(new RegExp(`Pipe=${pipe}Own`));
    const other = new ConsoleProcess(['cdb', '-server', 'tcp:port=0,bind=127.0.0.1', '/bin/cat'], mine, as);
    running.push(other);
    await other.see(/-remote (\S+)/);
    const seen = await runConsole(['cdb', '-QR', 'localhost'], [], mine, as);
    expect(seen.stdout.match(/^Debugger Server - /gm)).toHaveLength(3);
    const asOther = (target: string, ...input: string[]) =>
      runConsole(['cdb', '-remote', target], input, mine, as);
    expect(await asOther(`npipe:pipe=${pipe},password=abc`, '.echo hello')).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^hello$/m),
    });
    expect((await asOther(`npipe:pipe=${pipe},password=abd`)).stderr).toContain('0x80004005');
    expect((await asOther(`npipe:pipe=${pipe}Own`)).stderr).toMatch(/There is no server on the pipe/);
  });

  it('marks a server whose process does not react', async () => {
    await serve('tcp:port=0,bind=127.0.0.1');
    const { server, port } = await serve('tcp:port=0,bind=127.0.0.1');
    server.kill('SIGSTOP');
    expect(await lines()).toContain(`Debugger Server - tcp:Port=${port}  (not answering)`);
    server.kill('SIGCONT');
    await expect.poll(lines, { timeout: 30_000 }).toContain(`Debugger Server - tcp:Port=${port}`);
  });

  it('loses a server that ends, and says when there are none', async () => {
    const { server, port } = await serve('tcp:port=0,bind=127.0.0.1');
    expect(await lines()).toEqual([`Debugger Server - tcp:Port=${port}`]);
    server.type('q');
    expect(await server.exited()).toBe(0);
    const { status, stdout } = await query();
    expect(stdout).toBe(
      'Servers on \\\\localhost:\nNone that this machine may reach: hidden servers are never listed.\n',
    );
    expect(status).toBe(0);
  });

  it('says why a machine cannot be asked, with status 1', async () => {
    const { status, stdout, stderr } = await query('\\\\nowhere.invalid');
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/nowhere\.invalid was not found/);
  });

  it.each([[['-QR']], [['-QR', '\\\\']], [['-QR', 'x', '-noio']], [['-server', 'tcp:port=1', '-QR', 'x']]])(
    'refuses %j with status 2',
    async (args) => {
      const { status, stderr } = await runConsole(['cdb', ...args], [], env);
      expect(stderr).toMatch(/-QR takes the name of a machine and stands alone/);
      expect(status).toBe(2);
    },
  );
});
