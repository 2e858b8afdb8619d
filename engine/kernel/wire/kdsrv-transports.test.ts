import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ptyPair } from '../../../transports/com/testing/pty-pair.ts';
import { toHawserError } from '../../../transports/errors/error.ts';
import { ownStores, putCertificate } from '../../../transports/testing/certificates.ts';
import type { Stub } from '../../stub/stub.ts';
import { freePort, gdb } from '../../stub/testing/stubs.ts';
import { type ConnectKernelOptions, connectKernel } from './connect.ts';
import { KdServer } from './server/kd-server.ts';
import { endVms, startVm, type Vm } from './testing/vm.ts';

const PASSWORD = 'harbour light';
const CERTIFICATE = 'proto=tls1,certuser=hawser-kd-test';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

let stores: { remove(): void };
/** One machine for all: who comes next finds it running. */
let vm: Vm;
let trans = '';
beforeAll(async () => {
  stores = ownStores();
  await putCertificate({ subject: 'hawser-kd-test' });
  const port = await freePort();
  vm = await startVm(`tcp:127.0.0.1:${port}`);
  trans = `gdb:server=127.0.0.1,port=${port}`;
});
afterAll(async () => {
  await endVms();
  stores.remove();
});

async function serve(connection: string): Promise<KdServer> {
  const server = await KdServer.start({
    connection,
    password: PASSWORD,
    version: '0',
    variables: {},
    resumeWindow: 0,
    notice: () => undefined,
  });
  ends.push(() => server.close());
  return server;
}

async function reach(server: string, more: Partial<ConnectKernelOptions> = {}): Promise<Stub> {
  const stub = await connectKernel(`kdsrv:server=@{${server}},trans=@{${trans}}`, {
    program: 'test',
    version: '0',
    signal: new AbortController().signal,
    getPassword: async () => PASSWORD,
    ...more,
  });
  ends.push(() => stub.close());
  return stub;
}

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'it went well',
    (error: unknown) => toHawserError(error).code,
  );

async function is(wanted: 'running' | 'paused'): Promise<void> {
  while ((await vm.status()) !== wanted) await sleep(20);
}

const portOf = ({ connection }: KdServer) => /Port=(\d+)/i.exec(connection)?.[1];
const pipe = () => `kd-${process.pid}-${Date.now()}`;

/** What any transport has to carry: the stub's packets there and back, a break-in past them, and who is alone at it. */
async function contract(server: string, stub: Stub): Promise<void> {
  await is('paused');
  expect(stub.connection).not.toContain(PASSWORD);
  expect(stub.kernel?.wire).toBe(
    trans.replace('server=127.0.0.1,port=', 'Port=').concat(',Server=127.0.0.1'),
  );
  const opened = await stub.openDebugger();
  const running = gdb(opened.socket, 'info registers rip cs', 'continue', 'x/2xb 0xffff0', 'detach');
  await is('running');
  expect(opened.breakIn?.()).toBe(true);
  const said = await running;
  expect(said).toMatch(/rip +0x[0-9a-f]+[\s\S]*cs +0x[\s\S]*SIGINT[\s\S]*0xffff0:\s+0x[0-9a-f]{2}/);
  await opened.close();
  if (server !== '') {
    expect(await codeOf(reach(server))).toBe('WIRE_TAKEN');
    expect(await codeOf(reach(server, { getPassword: async () => 'wrong' }))).toBe('WRONG_PASSWORD');
  }
  await stub.close();
  // Free for the next one, and the kernel runs.
  await is('running');
}

describe('a KD connection server lends its wires', () => {
  it.each<[string, () => Promise<string>]>([
    ['tcp', async () => `tcp:server=127.0.0.1,port=${portOf(await serve('tcp:port=0,bind=127.0.0.1'))}`],
    [
      'npipe',
      async () => {
        const name = pipe();
        await serve(`npipe:pipe=${name}`);
        return `npipe:server=localhost,pipe=${name}`;
      },
    ],
    [
      'ssl',
      async () => {
        const server = await serve(`ssl:${CERTIFICATE},port=0,bind=127.0.0.1`);
        return `ssl:${CERTIFICATE},server=127.0.0.1,port=${portOf(server)}`;
      },
    ],
    [
      'spipe',
      async () => {
        const name = pipe();
        await serve(`spipe:${CERTIFICATE},pipe=${name}`);
        return `spipe:${CERTIFICATE},server=localhost,pipe=${name}`;
      },
    ],
    [
      'com',
      async () => {
        const cable = await ptyPair();
        ends.push(() => cable.close());
        await serve(`com:port=${cable.ends[0]},baud=1000000000,channel=3`);
        return `com:port=${cable.ends[1]},baud=1000000000,channel=3`;
      },
    ],
  ])('by %s, with a password', async (_name, start) => {
    const server = await start();
    await contract(server, await reach(server));
  });

  it.each([
    ['tcp:', ''],
    ['ssl:', `${CERTIFICATE},`],
  ])('by a call of its own (%sclicon), with a password', async (protocol, beginning) => {
    const port = await freePort();
    const waited: string[] = [];
    const coming = reach(`${protocol}${beginning}clicon=localhost,port=${port}`, {
      notice: (text) => waited.push(text),
    });
    await serve(`${protocol}${beginning}port=${port},clicon=localhost`);
    await contract('', await coming);
    expect(waited.join('\n')).toContain(`Waiting on port ${port}`);
  });
});
