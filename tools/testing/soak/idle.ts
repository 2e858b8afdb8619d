import { connectRemote } from '../../../engine/client/remote.ts';
import { SessionClient } from '../../../engine/client/session-client.ts';
import { ticker } from '../programs.ts';
import { Served } from './server.ts';
import { usageOf } from './usage.ts';

/** Joined and left before anything is measured, so that the server has grown to its size. */
const FIRST = 100;
/** At once. */
const TOGETHER = 20;
const SETTLE_MS = 5000;

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

export interface IdleResult {
  readonly clients: number;
  /** Of the server's process, for each client. */
  readonly kibPerClient: number;
  readonly handlesPerClient: number;
  /** Processor time while nothing happens, milliseconds a second. */
  readonly cpu: number;
}

/** Clients that stay, and do nothing. */
async function join(connection: string, count: number): Promise<SessionClient[]> {
  const clients: SessionClient[] = [];
  while (clients.length < count) {
    const some = Math.min(TOGETHER, count - clients.length);
    clients.push(...(await Promise.all(Array.from({ length: some }, () => joinOne(connection)))));
  }
  return clients;
}

async function joinOne(connection: string): Promise<SessionClient> {
  const link = await connectRemote(connection, {
    identity: { host: 'soak', user: 'idle', program: 'soak', version: '0' },
    signal: new AbortController().signal,
    getPassword: () => Promise.reject(new Error('no password was expected')),
  });
  const client = new SessionClient(link, { event: () => undefined, closed: () => undefined });
  await client.attach();
  return client;
}

/** Many clients of one server that do nothing: what each costs. */
export async function idle(count: number): Promise<IdleResult> {
  const server = new Served(['cdb', '-server', 'tcp:port=0,bind=127.0.0.1', ticker()]);
  try {
    const [, port] = await server.see(/-remote tcp:Port=(\d+)/i);
    await server.see(/Break instruction exception/);
    const connection = `tcp:server=127.0.0.1,port=${port}`;
    const leave = (clients: readonly SessionClient[]) => Promise.all(clients.map((each) => each.leave()));
    await leave(await join(connection, FIRST));
    await pause(SETTLE_MS);
    const before = usageOf(server.pid);
    const clients = await join(connection, count);
    await pause(SETTLE_MS);
    const full = usageOf(server.pid);
    await pause(SETTLE_MS);
    const cpu = ((usageOf(server.pid).cpu - full.cpu) * 1000) / SETTLE_MS;
    await leave(clients);
    return {
      clients: count,
      kibPerClient: (full.kib - before.kib) / count,
      handlesPerClient: (full.handles - before.handles) / count,
      cpu,
    };
  } finally {
    await server.end();
  }
}
