import { once } from 'node:events';
import { createConnection, createServer } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { parseConnectionString } from './connection-string.ts';
import { connectHello } from './hello/client.ts';
import { connect, listen } from './registry.ts';
import { listensInstead } from './reverse/probe.ts';
import { openServer } from './server.ts';
import { ownStores, putCertificate } from './testing/certificates.ts';
import type { Connection, ConnectOptions, Listener } from './transport.ts';

const never = new AbortController().signal;
const identity = { host: 'h', user: 'u', program: 'test', version: '1' };
const stores = ownStores();
beforeAll(async () => {
  await putCertificate({ subject: 'lab' });
  await putCertificate({ subject: 'lab' }, ['machine']);
});
afterAll(() => stores.remove());

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
});

const server = (text: string) => parseConnectionString(text, { role: 'server', backslashes: 'refuse' });
const client = (text: string) => parseConnectionString(text, { role: 'client', backslashes: 'refuse' });
const until = async (condition: () => boolean) => {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
};

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as { port: number };
  probe.close();
  await once(probe, 'close');
  return port;
}

/** A server that calls, with what it says and whom it got. */
async function calling(text: string) {
  const notices: string[] = [];
  const accepted: Connection[] = [];
  const refused: string[] = [];
  const listener: Listener = await listen(server(text), (connection) => accepted.push(connection), {
    notice: (said) => notices.push(said),
    refused: (error) => refused.push(error.code),
    pauses: { first: 5, longest: 40 },
  });
  open.push(listener, { close: () => accepted.map(({ stream }) => stream.destroy()) });
  return { notices, accepted, refused, listener };
}

async function waiting(text: string, options: Partial<ConnectOptions> = {}) {
  const notices: string[] = [];
  const connection = connect(client(text), {
    signal: never,
    notice: (said) => notices.push(said),
    ...options,
  });
  connection.then(
    ({ stream }) => open.push({ close: () => stream.destroy() }),
    () => {},
  );
  return { notices, connection };
}

const ways = [
  ['tcp', 'tcp:'],
  ['ssl', 'ssl:proto=tls1,certuser=lab,'],
] as const;

describe.each(ways)('clicon over %s', (name, start) => {
  it('the server first: it calls again until the client is there', async () => {
    const port = await freePort();
    const { notices, accepted, listener } = await calling(`${start}clicon=127.0.0.1,port=${port}`);
    expect(listener.bound).toMatchObject({ clicon: '127.0.0.1', port: { low: port } });
    await until(() => notices.filter((text) => text.includes('refused the connection')).length >= 3);
    expect(notices[0]).toBe(`Calling 127.0.0.1:${port}.`);
    const { connection } = await waiting(`${start}clicon=localhost,port=${port}`);
    const { stream, peer } = await connection;
    expect(peer).toMatch(new RegExp(`^${name} `));
    await until(() => accepted.length === 1);
    // The client speaks first, although it was called.
    stream.write('hello');
    expect(String((await once(accepted[0]?.stream ?? stream, 'data'))[0])).toBe('hello');
  });

  it('the client first, on the first free port of a range; one call and no more', async () => {
    const port = await freePort();
    const taken = createServer().listen(port);
    await once(taken, 'listening');
    open.push(taken);
    const { notices, connection } = await waiting(`${start}clicon=127.0.0.1,port=${port}:${port + 9}`);
    await until(() => notices.length > 0);
    const [, found] = /^Waiting on port (\d+) for 127\.0\.0\.1 to call\.$/.exec(notices[0] ?? '') ?? [];
    expect(Number(found)).toBeGreaterThan(port);
    await calling(`${start}clicon=127.0.0.1,port=${found}`);
    await connection;
    const second = createConnection({ host: '127.0.0.1', port: Number(found) });
    expect((await once(second, 'error'))[0]).toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('calls again when the call broke, and says so; no more when closed', async () => {
    const port = await freePort();
    const { notices, accepted, listener } = await calling(`${start}clicon=127.0.0.1,port=${port}`);
    for (let round = 1; round <= 3; round++) {
      const { connection } = await waiting(`${start}clicon=127.0.0.1,port=${port}`);
      const { stream } = await connection;
      await until(() => accepted.length === round);
      stream.destroy();
    }
    await until(() => notices.filter((text) => text.includes('has ended. Calling again')).length === 3);
    await listener.close();
    const { connection, notices: said } = await waiting(`${start}clicon=127.0.0.1,port=${port}`, {
      signal: AbortSignal.timeout(200),
    });
    await expect(connection).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(said).toHaveLength(1);
  });

  it('is cancelled while it waits, and lets the port go', async () => {
    const port = await freePort();
    const controller = new AbortController();
    const { connection, notices } = await waiting(`${start}clicon=127.0.0.1,port=${port}`, {
      signal: controller.signal,
    });
    await until(() => notices.length > 0);
    controller.abort();
    await expect(connection).rejects.toMatchObject({ code: 'CANCELLED' });
    const again = createServer().listen(port);
    await once(again, 'listening');
    again.close();
  });

  it('turns away calls from another machine than the one named', async () => {
    const port = await freePort();
    const controller = new AbortController();
    const { connection, notices } = await waiting(`${start}clicon=192.0.2.7,port=${port}`, {
      signal: controller.signal,
    });
    await until(() => notices.length > 0);
    const stranger = createConnection({ host: '127.0.0.1', port });
    stranger.on('error', () => {});
    await once(stranger, 'close');
    expect(notices[1]).toBe('Turned away a call from 127.0.0.1: 192.0.2.7 has the address 192.0.2.7.');
    controller.abort();
    await expect(connection).rejects.toMatchObject({ code: 'CANCELLED' });
  });

  it('tells a name that nobody knows', async () => {
    const { connection } = await waiting(`${start}clicon=no-such-host.invalid,port=5005`);
    await expect(connection).rejects.toMatchObject({ code: 'HOST_NOT_FOUND' });
  });
});

describe('clicon with certificates', () => {
  it('tells another certificate at both ends', async () => {
    const port = await freePort();
    const { refused } = await calling(`ssl:proto=tls1,certuser=lab,clicon=127.0.0.1,port=${port}`);
    const { connection } = await waiting(`ssl:proto=tls1,machuser=lab,clicon=127.0.0.1,port=${port}`);
    await expect(connection).rejects.toMatchObject({ code: 'CERTIFICATE_MISMATCH', data: { who: 'server' } });
    await until(() => refused.length > 0);
    expect(refused).toContain('CERTIFICATE_MISMATCH');
  });
});

describe('clicon at one end only', () => {
  const hello = (connection: Connection) =>
    connectHello(connection, {
      kind: 'debugger',
      version: 1,
      identity,
      getPassword: async () => null,
      signal: never,
    });
  const mismatch = (found: string) => ({ code: 'CLICON_MISMATCH', data: { found } });

  it('a client that calls a client that waits: both are told', async () => {
    const port = await freePort();
    const { connection, notices } = await waiting(`tcp:clicon=127.0.0.1,port=${port}`);
    await until(() => notices.length > 0);
    const caller = await connect(client(`tcp:server=127.0.0.1,port=${port}`), { signal: never });
    open.push({ close: () => caller.stream.destroy() });
    const [one, two] = await Promise.allSettled([hello(caller), connection.then(hello)]);
    expect(one).toMatchObject({ reason: mismatch('client') });
    expect(two).toMatchObject({ reason: mismatch('client') });
  });

  it('a server that calls a server that listens', async () => {
    const common = { kind: 'debugger', version: 1, identity, accept: () => {} } as const;
    const listening = await openServer(server('tcp:port=0,bind=127.0.0.1'), { ...common, refused: () => {} });
    open.push(listening);
    const port = 'port' in listening.bound ? Number(Object(listening.bound.port).low) : 0;
    const told = new Promise((resolve) => {
      const text = `tcp:clicon=127.0.0.1,port=${port}`;
      void openServer(server(text), { ...common, refused: resolve }).then((calls) => open.push(calls));
    });
    expect(await told).toMatchObject(mismatch('server'));
  });

  it('a client that waits for a server that listens: it looks, and takes nothing else for one', async () => {
    const refused: string[] = [];
    const listening = await openServer(server('tcp:port=0,bind=127.0.0.1'), {
      kind: 'debugger',
      version: 1,
      identity,
      accept: () => {},
      refused: (error) => refused.push(error.code),
    });
    open.push(listening);
    const port = 'port' in listening.bound ? Number(Object(listening.bound.port).low) : 0;
    expect(await listensInstead('127.0.0.1', port, never)).toBe(true);
    await until(() => refused.length > 0);
    expect(refused).toEqual(['VERSION_MISMATCH']);
    const web = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')).listen(
      0,
      '127.0.0.1',
    );
    await once(web, 'listening');
    open.push(web);
    expect(await listensInstead('127.0.0.1', Object(web.address()).port, never)).toBe(false);
    expect(await listensInstead('127.0.0.1', await freePort(), never)).toBe(false);
    // On this machine the port is the waiting client's own: it says what the server needs, and goes on waiting.
    const { notices } = await waiting(`tcp:clicon=127.0.0.1,port=${await freePort()}`, {
      probeAfterMs: 1,
      signal: AbortSignal.timeout(500),
    });
    await until(() => notices.length === 2);
    expect(notices[1]).toContain('the server must be started with clicon=');
  });
});
