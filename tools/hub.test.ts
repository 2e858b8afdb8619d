import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HubConnection } from '../hub/client/hub-connection.ts';
import type { Entry } from '../hub/protocol/hub.ts';
import { withConsole } from '../hub/server/console.ts';
import { ConsoleProcess } from './testing/console-process.ts';

const PASSWORD = 'a password that is long enough';

/** Entries in all, and after how many the hub is killed: in every run once. */
const [COUNT, KILLED_AT] = process.env.HAWSER_FULL ? [3000, [400, 1100, 1900]] : [1000, [400]];

let folder = '';
let port = 0;
let passwordFile = '';
const running: ConsoleProcess[] = [];
const connections: HubConnection[] = [];

beforeEach(async () => {
  // A name longer than a Unix socket's may be.
  const base = await mkdtemp(join(tmpdir(), 'hawser-hub-'));
  folder = join(base, 'a-folder-'.repeat(12));
  passwordFile = join(base, 'password');
  await writeFile(passwordFile, `${PASSWORD}\n`);
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  port = (server.address() as { port: number }).port;
  await new Promise((resolve) => server.close(resolve));
});
afterEach(async () => {
  for (const connection of connections.splice(0)) connection.close();
  for (const process of running.splice(0)) {
    process.kill('SIGKILL');
    await process.exited();
  }
  await rm(join(folder, '..'), { recursive: true, force: true });
});

async function start(...more: readonly string[]) {
  const hub = new ConsoleProcess([
    'hub',
    '-data',
    folder,
    '-port',
    String(port),
    '-bind',
    '127.0.0.1',
    ...more,
  ]);
  running.push(hub);
  await hub.see(/Ctrl\+C stops it/);
  const [, fingerprint = ''] = /SHA-256: ([0-9A-F:]+)/.exec(hub.stdout) ?? [];
  return { hub, fingerprint };
}

async function administer(...words: readonly string[]) {
  const tool = new ConsoleProcess(['hub', ...words, '-data', folder]);
  const status = await tool.exited();
  return { status, out: tool.stdout, err: tool.stderr };
}

async function connect(fingerprint: string, token?: string): Promise<HubConnection> {
  const connection = await HubConnection.open({
    address: `https://127.0.0.1:${port}`,
    fingerprint,
    program: 'test',
    token,
    takeOrder: () => undefined,
  });
  connections.push(connection);
  return connection;
}

async function signIn(fingerprint: string, email: string): Promise<HubConnection> {
  const connection = await connect(fingerprint);
  await connection.request('account/signIn', { email, password: PASSWORD });
  return connection;
}

/** Follows a session through whatever happens, as the window does. */
async function follow(connection: HubConnection, session: string): Promise<Entry[]> {
  const came: Entry[] = [];
  connection.on('session/entries', ({ entries }) => {
    for (const entry of entries) if (entry.seq === came.length + 1) came.push(entry);
    connection.notify('session/ack', { session, seq: came.length });
  });
  const open = () => connection.request('session/open', { session, after: came.length, window: 8192 });
  await open();
  connection.onState(({ state }) => {
    if (state === 'up') void open().catch(() => undefined);
  });
  return came;
}

describe('hawser hub', () => {
  it('starts with one command, is administered, and keeps what it was told', async () => {
    const first = await start('-name', 'the test hub', '-contact', 'help@example.com');
    const [, command = ''] = await first.hub.see(/^ {2}hawser hub (account password .+) -data/m);
    expect(first.hub.stdout).toContain('This is its first start');
    for (const [file, mode] of [
      ['', 0o700],
      ['console.sock', 0o600],
      ['key.pem', 0o600],
    ] as const)
      expect((await stat(join(folder, file))).mode & 0o777).toBe(mode);
    expect(await administer(...command.split(' '), '-passwordfile', passwordFile)).toMatchObject({
      status: 0,
    });
    const add = [
      'account',
      'add',
      'ann@example.com',
      '-name',
      'Ann',
      '-may-host',
      '-passwordfile',
      passwordFile,
    ];
    expect((await administer(...add)).out).toBe('Added ann@example.com (Ann): may host.\n');
    expect((await administer(...add)).err).toContain('There is an account ann@example.com already.');
    expect((await administer('account', 'change', 'ann@example.com', '-may-join', '-not-host')).out).toBe(
      'Changed ann@example.com (Ann): may join.\n',
    );
    const bad = await administer('account', 'remove', 'administrator@localhost');
    expect(bad).toMatchObject({ status: 1, err: expect.stringContaining('is the only administrator') });
    const ann = await signIn(first.fingerprint, 'ann@example.com');
    expect(ann.facts).toMatchObject({ name: 'the test hub', contact: 'help@example.com', mail: false });
    await signIn(first.fingerprint, 'administrator@localhost');

    first.hub.kill('SIGTERM');
    expect(await first.hub.exited()).toBe(0);
    expect((await administer('account', 'list')).err).toContain('No hub runs on');
    const second = await start();
    expect(second.hub.stdout).not.toContain('first start');
    expect(second.fingerprint).toBe(first.fingerprint);
    const { out } = await administer('account', 'list');
    expect(out).toMatch(/^ann@example\.com +Ann +may join +password$/m);
    await signIn(second.fingerprint, 'ann@example.com');
    const audit = (await administer('audit', '-json')).out.trim().split('\n');
    expect(audit.map((line) => JSON.parse(line).what)).toEqual([
      'hub.start',
      'account.password',
      'account.add',
      'account.password',
      'account.change',
      'signIn',
      'signIn',
      'hub.stop',
      'hub.start',
      'signIn',
    ]);
    expect(audit.join()).not.toContain(PASSWORD);
    expect((await administer('audit', '-to', '2020-01-01')).out).toBe('');
    const other = new ConsoleProcess(['hub', '-data', folder, '-port', String(port)]);
    expect(await other.exited()).toBe(1);
    expect(other.stderr).toContain('Another hub is at work on');
  }, 600_000);

  it('says what is wrong with a command line', async () => {
    expect(await administer('account', 'frobnicate')).toMatchObject({ status: 2 });
    for (const words of [
      ['-port', '0'],
      ['-url', 'http://x'],
      ['-cert', 'x'],
      ['-smtp', 'smtp://h'],
      ['-oidc', 'https://issuer'],
    ])
      expect(await administer(...words)).toMatchObject({ status: 2 });
    expect(await administer('-smtp', 'smtp://user:secret@h', '-from', 'a@b')).toMatchObject({ status: 1 });
  }, 600_000);

  it('killed and started again while it streams: host and clients end with the same bytes as the agent sent', async () => {
    let { hub, fingerprint } = await start();
    await withConsole(folder, async (console) => {
      for (const name of ['ann', 'bob', 'eve']) {
        const email = `${name}@example.com`;
        await console.addAccount({ email, name, mayHost: true, mayJoin: true, administrator: false });
        await console.setPassword(email, PASSWORD);
      }
    });
    const [ann, bob, eve] = await Promise.all(
      ['ann', 'bob', 'eve'].map((name) => signIn(fingerprint, `${name}@example.com`)),
    );
    if (!ann || !bob || !eve) throw new Error('nobody is there');
    const make = { name: 'Long run', description: '', computer: 'c', direct: false };
    const { session, agentToken } = await ann.request('session/create', make);
    const { id } = session;
    const { invited } = await ann.request('invite/send', {
      session: id,
      emails: ['bob@example.com', 'eve@example.com'],
    });
    for (const [index, person] of [bob, eve].entries())
      await person.request('invite/accept', { token: invited[index]?.link.split('/').at(-1) ?? '' });
    const agent = await connect(fingerprint, agentToken);
    const views = await Promise.all([ann, bob, eve].map((each) => follow(each, id)));

    const sent: Entry[] = [];
    const patience = { timeout: 300_000 };
    const streaming = (async () => {
      while (sent.length < COUNT) {
        const batch = Array.from({ length: 10 }, (_, index) => {
          const seq = sent.length + 1 + index;
          return {
            seq,
            at: 1_700_000_000_000 + seq,
            sealed: Buffer.from(`line ${seq} `.repeat(1 + (seq % 20))).toString('base64'),
          };
        });
        sent.push(...batch);
        await agent.request('agent/append', { entries: batch }, patience);
      }
    })();
    for (const at of KILLED_AT) {
      await expect.poll(() => sent.length, { timeout: 200_000, interval: 20 }).toBeGreaterThan(at);
      hub.kill('SIGKILL');
      await hub.exited();
      ({ hub } = await start());
    }
    await streaming;
    const latecomer = await follow(await signIn(fingerprint, 'bob@example.com'), id);
    for (const view of [...views, latecomer]) {
      await expect.poll(() => view.length, { timeout: 200_000 }).toBe(COUNT);
      expect(view).toEqual(sent);
    }
    expect((await administer('sessions')).out).toMatch(
      new RegExp(`^${id}  Long run .* ${COUNT} +open$`, 'm'),
    );
    expect((await administer('terminate', id)).out).toBe('Terminated Long run.\n');
    await expect
      .poll(async () => (await bob.request('session/list', undefined))[0]?.end?.by)
      .toBe('administrator');
  }, 600_000);
});
