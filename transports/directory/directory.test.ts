import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DirectoryAgent, type Registered } from './agent.ts';
import { connectionTo, listServers } from './list.ts';
import { asRequest, type ListedServer, type ServerRegistration } from './messages.ts';
import { DirectoryService } from './service.ts';
import { usePrivatePort } from './testing/port.ts';
import { Raw } from './testing/raw.ts';

let port = 0;
const made: { close(): unknown }[] = [];
const signal = new AbortController().signal;

beforeEach(async () => {
  port = await usePrivatePort();
});
afterEach(async () => {
  await Promise.all(made.splice(0).map((each) => each.close()));
});

const entry = (connection: string, change: Partial<ServerRegistration> = {}): ServerRegistration => ({
  kind: 'debugger',
  connection,
  user: 'ann',
  program: 'hawser cdb',
  started: 1_763_680_000_000,
  reach: 'machine',
  ...change,
});

/** As a process of its own has it. */
async function register(agent: DirectoryAgent, server: ServerRegistration): Promise<Registered> {
  const registered = agent.register({ server });
  made.push(registered);
  await registered.settled;
  return registered;
}

const names = async () => (await listServers('localhost', { signal })).map(({ connection }) => connection);

describe('the directory of a machine', () => {
  it('is served by the first, joined by others, and shows all', async () => {
    const [first, second] = [new DirectoryAgent(port), new DirectoryAgent(port)];
    await register(first, entry('tcp:Port=5001', { started: 2 }));
    await register(second, entry('tcp:Port=5002,Password=*', { kind: 'process', user: 'bob', started: 1 }));
    await register(second, entry('npipe:Pipe=MainPipe', { kind: 'kd', started: 3 }));
    expect([first.serving, second.serving]).toEqual([true, false]);
    expect(await listServers('\\\\localhost', { signal })).toEqual([
      {
        ...entry('tcp:Port=5002,Password=*', { kind: 'process', user: 'bob', started: 1 }),
        answering: true,
      },
      { ...entry('tcp:Port=5001', { started: 2 }), answering: true },
      { ...entry('npipe:Pipe=MainPipe', { kind: 'kd', started: 3 }), answering: true },
    ]);
  });

  it('is taken over when who serves it goes, and loses nobody else', async () => {
    const agents = [1, 2, 3, 4].map(() => new DirectoryAgent(port));
    const registered: Registered[] = [];
    for (const [index, agent] of agents.entries())
      registered.push(await register(agent, entry(`tcp:Port=500${index}`, { started: index })));
    await registered[0]?.close();
    await expect.poll(names).toEqual(['tcp:Port=5001', 'tcp:Port=5002', 'tcp:Port=5003']);
    expect(agents.filter(({ serving }) => serving)).toHaveLength(1);
  });

  it('forgets who leaves, and ends with the last', async () => {
    const [first, second] = [new DirectoryAgent(port), new DirectoryAgent(port)];
    const one = await register(first, entry('tcp:Port=5001'));
    const two = await register(second, entry('tcp:Port=5002'));
    await two.close();
    expect(await names()).toEqual(['tcp:Port=5001']);
    await one.close();
    await expect(listServers('localhost', { signal })).rejects.toMatchObject({ code: 'NO_DIRECTORY' });
    await register(first, entry('tcp:Port=5003'));
    expect(await names()).toEqual(['tcp:Port=5003']);
  });

  it('shows what a killed owner left behind as not answering, until it is back', async () => {
    await register(new DirectoryAgent(port), entry('tcp:Port=5001', { started: 9 }));
    const owner = new Raw(port);
    owner.say(asRequest({ request: 'register', servers: [entry('tcp:Port=5002')] }));
    expect(await owner.line()).toMatchObject({ hawser: 'registered' });
    owner.socket.destroy();
    const stale = { connection: 'tcp:Port=5002', answering: false };
    await expect.poll(() => listServers('localhost', { signal })).toMatchObject([{ answering: true }, stale]);
    await register(new DirectoryAgent(port), entry('tcp:Port=5002'));
    expect(await listServers('localhost', { signal })).toMatchObject([
      { answering: true },
      { answering: true },
    ]);
  });

  it('marks an owner that does not react', async () => {
    await register(new DirectoryAgent(port), entry('tcp:Port=5001', { started: 9 }));
    const owner = new Raw(port);
    owner.say(asRequest({ request: 'register', servers: [entry('tcp:Port=5002')] }));
    await owner.line();
    expect(await listServers('', { signal })).toMatchObject([{ answering: true }, { answering: false }]);
    owner.socket.destroy();
  });

  it('opens itself to other machines only while something reaches them', async () => {
    const service = new DirectoryService(port);
    made.push(service);
    await service.open();
    const owner = { alive: () => Promise.resolve(true), relay: () => Promise.resolve(null) };
    await service.set(owner, [entry('tcp:Port=5001')]);
    expect(service.scope).toBe('machine');
    await service.set(owner, [entry('tcp:Port=5001', { reach: 'network' })]);
    expect(service.scope).toBe('network');
    await service.set(owner, []);
    expect(service.scope).toBe('machine');
    expect(await names()).toEqual([]);
  });

  it('keeps no server from starting where another program has the port', async () => {
    const other = createServer((socket) => socket.end('220 mail SMTP\r\n'));
    await new Promise<void>((done) => other.listen(port, '127.0.0.1', done));
    made.push(other);
    const told: string[] = [];
    const registered = new DirectoryAgent(port).register({
      server: entry('tcp:Port=5001'),
      trouble: (text) => told.push(text),
    });
    await registered.settled;
    expect(told).toEqual([expect.stringMatching(/not listed.*is not Hawser's directory/)]);
    await expect(listServers('localhost', { signal })).rejects.toMatchObject({ code: 'NOT_A_DIRECTORY' });
    await registered.close();
  });
});

describe('listServers', () => {
  it('tells what went wrong', async () => {
    await expect(listServers('nowhere.invalid', { signal })).rejects.toMatchObject({
      code: 'HOST_NOT_FOUND',
    });
    await expect(listServers('a b', { signal })).rejects.toMatchObject({ code: 'HOST_NOT_FOUND' });
    await expect(listServers('\\\\127.0.0.1', { signal })).rejects.toMatchObject({ code: 'NO_DIRECTORY' });
    const silent = createServer(() => {});
    await new Promise<void>((done) => silent.listen(port, '127.0.0.1', done));
    made.push(silent);
    await expect(listServers('localhost', { signal, timeoutMs: 300 })).rejects.toMatchObject({
      code: 'NO_ANSWER',
    });
    const cancel = new AbortController();
    const asked = listServers('localhost', { signal: cancel.signal });
    setTimeout(() => cancel.abort(), 50);
    await expect(asked).rejects.toMatchObject({ code: 'CANCELLED' });
    process.env.HAWSER_DIRECTORY_PORT = 'off';
    await expect(listServers('localhost', { signal })).rejects.toMatchObject({ code: 'DIRECTORY_OFF' });
  });

  it('gives the string that reaches a listed server', () => {
    const to = (connection: string, reach: ListedServer['reach'] = 'network') =>
      connectionTo('\\\\birch', { ...entry(connection, { reach }), answering: true });
    expect(to('tcp:Port=53:60,Password=*')).toBe('tcp:Port=53,Server=birch,Password=*');
    expect(to('tcp:Port=5005,IPVersion=6')).toBe('tcp:Port=5005,Server=birch,IPVersion=6');
    expect(to('tcp:Port=5005', 'machine')).toBe('tcp:Port=5005,Server=localhost');
    expect(to('npipe:Pipe=MainPipe,Password=*')).toBe('npipe:Pipe=MainPipe,Server=birch,Password=*');
    expect(to('spipe:Proto=tls1,CertUser=birch,Pipe=A')).toMatch(/^spipe:.*Server=birch/);
    expect(to('com:Port=/dev/ttyS1,Baud=9600,Channel=3', 'machine')).toBe(
      'com:Port=/dev/ttyS1,Baud=9600,Channel=3',
    );
    expect(to('quic:Port=1')).toBe('quic:Port=1');
  });
});
