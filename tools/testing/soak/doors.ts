import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { Relay } from '../../../transports/com/testing/relay.ts';
import { ownStores, putCertificate } from '../../../transports/testing/certificates.ts';
import { Served } from './server.ts';
import { target } from './target.ts';

/** A transport by which clients come: where its port is, if it has one, and what a client gives after -remote. */
export interface Door {
  readonly name: string;
  readonly port: number | null;
  /** @param port instead of its own, of what lies between */
  at(port?: number): string;
  /** One client comes by it, not more. */
  readonly single: boolean;
}

/** A session with servers of every kind, and a repeater. */
export interface House {
  readonly server: Served;
  readonly doors: readonly Door[];
  close(): Promise<void>;
}

async function freePort(): Promise<number> {
  const probe = createServer();
  probe.listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

const onTcp = (name: string, before: string, port: number): Door => ({
  name,
  port,
  single: false,
  at: (other = port) => `${before}server=127.0.0.1,port=${other}`,
});
const named = (name: string, connection: string, single = false): Door => ({
  name,
  port: null,
  single,
  at: () => connection,
});

const CERTIFICATE = 'proto=tls1.3,certuser=soak';

/** Opens one more server by its console. @returns the port, where it has one */
async function open(server: Served, connection: string): Promise<number> {
  const kind = connection.slice(0, connection.indexOf(':'));
  const [line] = await server.ask(`.server ${connection}`, new RegExp(`-remote ${kind}:.*\\n`, 'i'));
  return Number(/port=(\d+)/i.exec(line)?.[1] ?? 0);
}

export async function openHouse(): Promise<House> {
  const before = process.env.XDG_DATA_HOME;
  const stores = ownStores();
  await putCertificate({ subject: 'soak' });
  const cable = await Relay.open();
  const pipe = `soak-${process.pid}`;
  const server = new Served(['cdb', '-server', `npipe:pipe=${pipe}`, target()]);
  let repeater: Served | undefined;
  const close = async () => {
    await repeater?.end();
    await server.end();
    await cable.close();
    stores.remove();
    if (before === undefined) delete process.env.XDG_DATA_HOME;
    else process.env.XDG_DATA_HOME = before;
  };
  try {
    await server.see(/Break instruction exception/);
    const tcp = await open(server, 'tcp:port=0,bind=127.0.0.1');
    const ssl = await open(server, `ssl:${CERTIFICATE},port=0,bind=127.0.0.1`);
    await open(server, `spipe:${CERTIFICATE},pipe=${pipe}-s`);
    const line = (end: 0 | 1) => `com:port=${cable.ends[end]},baud=921600,channel=1`;
    await open(server, line(0));
    const back = `tcp:clicon=127.0.0.1,port=${await freePort()}`;
    server.child.stdin?.write(`.server ${back}\n`);
    repeater = new Served([
      'dbengprx',
      ...['-p', '-c', `tcp:server=127.0.0.1,port=${tcp}`, '-s', 'tcp:port=0,bind=127.0.0.1'],
    ]);
    const [, through = ''] = await repeater.see(/-remote tcp:Port=(\d+)/i);
    const doors = [
      onTcp('tcp', 'tcp:', tcp),
      onTcp('ssl', `ssl:${CERTIFICATE},`, ssl),
      named('npipe', `npipe:server=localhost,pipe=${pipe}`),
      onTcp('repeater', 'tcp:', Number(through)),
      named('spipe', `spipe:${CERTIFICATE},server=localhost,pipe=${pipe}-s`),
      named('com', line(1), true),
      named('clicon', back, true),
    ];
    return { server, doors, close };
  } catch (error) {
    await close();
    throw error;
  }
}
