import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createConnection, createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterEach, describe, expect, it } from 'vitest';
import { formatListing, parseConnectionString, type TcpServerString } from './connection-string.ts';
import { connect, listen } from './registry.ts';
import { connectError, isPortTrouble, listenError } from './tcp-errors.ts';
import type { Connection, Listener } from './transport.ts';

const server = (text: string) => parseConnectionString(text, { role: 'server', backslashes: 'refuse' });
const client = (text: string) => parseConnectionString(text, { role: 'client', backslashes: 'refuse' });
const signal = new AbortController().signal;

const open: { close(): unknown }[] = [];
afterEach(() => {
  for (const each of open.splice(0)) each.close();
});

async function listening(
  text: string,
): Promise<{ listener: Listener; bound: TcpServerString; port: number; accepted: Connection[] }> {
  const accepted: Connection[] = [];
  const listener = await listen(server(text), (connection) => {
    accepted.push(connection);
    open.push({ close: () => connection.stream.destroy() });
  });
  open.push(listener);
  const { bound } = listener;
  if (bound.protocol !== 'tcp') throw new Error(bound.protocol);
  return { listener, bound, port: bound.port.low, accepted };
}

async function reach(text: string): Promise<Connection> {
  const connection = await connect(client(text), { signal });
  open.push({ close: () => connection.stream.destroy() });
  return connection;
}

/** A port of a stopped process whose queue is full: what connects to it gets no answer at all. */
async function deafPort(): Promise<number> {
  const program =
    "const s = require('net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => console.log(s.address().port))";
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  open.push({ close: () => child.kill('SIGKILL') });
  const [line] = await once(child.stdout, 'data');
  const port = Number(line);
  child.kill('SIGSTOP');
  for (let connected = true; connected; ) {
    const socket = createConnection({ port, host: '127.0.0.1' });
    open.push({ close: () => socket.destroy() });
    connected = await Promise.race([
      once(socket, 'connect').then(() => true),
      new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 200)),
    ]);
  }
  return port;
}

const hasIPv6 = Object.values(networkInterfaces()).some((list) =>
  list?.some(({ address }) => address === '::1'),
);

describe('tcp', () => {
  it('connects on every loopback address and name when nothing is bound', async () => {
    const { port, accepted } = await listening('tcp:port=0');
    const hosts = ['127.0.0.1', 'localhost', ...(hasIPv6 ? ['::1'] : [])];
    for (const host of hosts) {
      const { peer, peerAddress } = await reach(`tcp:server=${host},port=${port}`);
      expect(peer).toBe(`tcp ${peerAddress.includes(':') ? `[${peerAddress}]` : peerAddress}:${port}`);
    }
    const own = await reach(`tcp:port=${port}`);
    expect(own.peer).toContain(`${port}`);
    while (accepted.length < hosts.length + 1) await new Promise(setImmediate);
    expect(accepted[0]?.peer).toMatch(/^tcp 127\.0\.0\.1:\d+$/);
    expect(accepted[0]?.peerAddress).toBe('127.0.0.1');
  });

  it('takes IPv6 alone with ipversion=6', async (context) => {
    if (!hasIPv6) return context.skip('this machine has no IPv6');
    const { port } = await listening('tcp:port=0,ipversion=6');
    await expect(reach(`tcp:server=127.0.0.1,port=${port}`)).rejects.toMatchObject({
      code: 'CONNECTION_REFUSED',
    });
    expect((await reach(`tcp:server=::1,port=${port},ipversion=6`)).peerAddress).toBe('::1');
  });

  it('takes the first free port of a range, and says when there is none', async () => {
    const taken = await listening('tcp:port=0');
    const { port } = taken;
    const range = `tcp:port=${port}:${port + 5}`;
    const { bound } = await listening(range);
    expect(bound.port.low).toBeGreaterThan(port);
    expect(formatListing(bound)).toBe(`tcp:Port=${bound.port.low}:${port + 5}`);
    await expect(listening(`tcp:port=${port}`)).rejects.toMatchObject({
      code: 'PORT_IN_USE',
      data: { low: port, high: port },
    });
  });

  it('tells refused, not found, no such address and cancelled apart', async () => {
    const free = createServer().listen(0, '127.0.0.1');
    await once(free, 'listening');
    const { port } = free.address() as { port: number };
    free.close();
    await once(free, 'close');
    await expect(reach(`tcp:server=127.0.0.1,port=${port}`)).rejects.toMatchObject({
      code: 'CONNECTION_REFUSED',
    });
    await expect(reach(`tcp:server=localhost,port=${port}`)).rejects.toMatchObject({
      code: 'CONNECTION_REFUSED',
    });
    await expect(reach(`tcp:server=no-such-host.invalid,port=${port}`)).rejects.toMatchObject({
      code: 'HOST_NOT_FOUND',
    });
    await expect(listening('tcp:port=0,bind=203.0.113.7')).rejects.toMatchObject({
      code: 'ADDRESS_NOT_AVAILABLE',
    });
    const target = client(`tcp:server=127.0.0.1,port=${port}`);
    await expect(connect(target, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'CANCELLED',
    });
  });

  it('is cancelled at any stage, and gives up in time', async () => {
    const port = await deafPort();
    const looking = new AbortController();
    const lookup = connect(client(`tcp:server=localhost,port=${port}`), { signal: looking.signal });
    looking.abort();
    await expect(lookup).rejects.toMatchObject({ code: 'CANCELLED' });

    const target = client(`tcp:server=127.0.0.1,port=${port}`);
    const underWay = () => process.getActiveResourcesInfo().filter((kind) => kind === 'ConnectWrap').length;
    const before = underWay();
    const calling = new AbortController();
    const call = connect(target, { signal: calling.signal });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(underWay()).toBe(before + 1);
    calling.abort();
    await expect(call).rejects.toMatchObject({ code: 'CANCELLED' });
    await expect(connect(target, { signal, timeoutMs: 50 })).rejects.toMatchObject({
      code: 'CONNECT_TIMED_OUT',
    });
    // Neither attempt goes on behind the caller's back.
    while (underWay() > before) await new Promise(setImmediate);
  });

  it('keeps connections when the listener closes', async () => {
    const { listener, port, accepted } = await listening('tcp:port=0,bind=127.0.0.1');
    const { stream } = await reach(`tcp:server=127.0.0.1,port=${port}`);
    while (accepted.length < 1) await new Promise(setImmediate);
    await listener.close();
    await listener.close();
    await expect(reach(`tcp:server=127.0.0.1,port=${port}`)).rejects.toMatchObject({
      code: 'CONNECTION_REFUSED',
    });
    accepted[0]?.stream.write('still here');
    const [data] = await once(stream, 'data');
    expect(String(data)).toBe('still here');
  });
});

describe("the system's errors", () => {
  const system = (code: string) => Object.assign(new Error(`connect ${code}`), { code });
  const target = server('tcp:port=80') as TcpServerString;

  it.each([
    [['ENOTFOUND'], 'HOST_NOT_FOUND'],
    [['EAI_AGAIN'], 'HOST_NOT_FOUND'],
    [['EHOSTUNREACH'], 'NO_ROUTE'],
    [['ENETUNREACH', 'ECONNREFUSED'], 'CONNECTION_REFUSED'],
    [['ENETUNREACH', 'ETIMEDOUT'], 'CONNECT_TIMED_OUT'],
    [['EMFILE'], 'CONNECT_FAILED'],
    [[], 'CONNECT_FAILED'],
  ])('%j is %s at connecting', (codes, expected) => {
    const error = connectError(codes.map(system), 'h', 1, 1000);
    expect(error.code).toBe(expected);
    expect(error.action).not.toBe('');
  });

  it.each([
    ['EACCES', 'PORT_NOT_PERMITTED'],
    ['EADDRINUSE', 'PORT_IN_USE'],
    ['EADDRNOTAVAIL', 'ADDRESS_NOT_AVAILABLE'],
    ['EMFILE', 'LISTEN_FAILED'],
  ])('%s is %s at listening', (code, expected) => {
    expect(listenError(system(code), target, 80).code).toBe(expected);
    expect(isPortTrouble(system(code))).toBe(code === 'EACCES' || code === 'EADDRINUSE');
  });
});
