import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ptyPair } from '../../../transports/com/testing/pty-pair.ts';
import { parseConnectionString } from '../../../transports/connection-string.ts';
import { connectionErrors } from '../../../transports/errors/connection-errors.ts';
import { toHawserError } from '../../../transports/errors/error.ts';
import type { Framed } from '../../../transports/frames/framed.ts';
import { openServer } from '../../../transports/server.ts';
import { ownStores, putCertificate } from '../../../transports/testing/certificates.ts';
import { connectRemote } from '../../client/remote.ts';
import { compile } from '../../gdb/testing/programs.ts';
import { PROTOCOL_VERSION } from '../../protocol/session.ts';
import { connectStub } from '../connect.ts';
import { ProcessServer } from '../server/process-server.ts';
import type { ConnectStubOptions, Stub } from '../stub.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

let stores: { remove(): void };
beforeAll(async () => {
  stores = ownStores();
  await putCertificate({ subject: 'hawser-stub-test' });
});
afterAll(() => stores.remove());

async function serve(connection: string): Promise<ProcessServer> {
  const server = await ProcessServer.start({
    connection,
    password: 'harbour light',
    version: '0',
    implicitCommandLine: null,
    notice: () => undefined,
  });
  ends.push(() => server.close());
  return server;
}

async function reach(text: string, options: Partial<ConnectStubOptions> = {}): Promise<Stub> {
  const stub = await connectStub(text, {
    program: 'test',
    version: '0',
    signal: new AbortController().signal,
    getPassword: async () => 'harbour light',
    ...options,
  });
  ends.push(() => stub.close());
  return stub;
}

const portOf = ({ connection }: ProcessServer) => /Port=(\d+)/i.exec(connection)?.[1];
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => {
      throw new Error('it went well');
    },
    (error) => toHawserError(error),
  );

const SIZE = 1 << 20;
const program = () =>
  compile(
    'client-megabyte.c',
    `#include <stdio.h>
#include <unistd.h>
unsigned char block[${SIZE}];
int main(void) {
  for (int i = 0; i < ${SIZE}; i++) block[i] = (i * 2654435761u) >> 24;
  puts("filled"); fflush(stdout);
  for (;;) usleep(1000);
}
`,
  ).path;
const filled = () =>
  Buffer.from(Uint8Array.from({ length: SIZE }, (_, i) => Math.imul(i, 2654435761) >>> 24));
const hash = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

/** Memory of a process there, by way of GDB, and a file of it. */
async function debugThrough(stub: Stub): Promise<void> {
  const path = program();
  const child = spawn(path, [], { stdio: ['ignore', 'pipe', 'ignore'] });
  ends.push(() => child.kill('SIGKILL'));
  await new Promise((done) => child.stdout.once('data', done));
  const opened = await stub.openDebugger();
  const out = join(tmpdir(), `hawser-${process.pid}-${child.pid}.memory`);
  ends.push(() => rmSync(out, { force: true }));
  const commands = [
    'set remotetimeout 86400',
    `file ${path}`,
    `target extended-remote ${opened.socket}`,
    `attach ${child.pid}`,
    `dump binary memory ${out} &block[0] &block[${SIZE}]`,
    'detach',
  ];
  const { stderr } = await promisify(execFile)('gdb', [
    '-q',
    '-nx',
    '-batch',
    ...commands.flatMap((one) => ['-ex', one]),
  ]);
  expect(hash(readFileSync(out)), stderr).toBe(hash(filled()));
  await opened.close();
  const chunks: Buffer[] = [];
  for await (const chunk of stub.machine.readFile(path, null, 0)) chunks.push(chunk as Buffer);
  expect(hash(Buffer.concat(chunks))).toBe(hash(readFileSync(path)));
}

const CERTIFICATE = 'proto=tls1,certuser=hawser-stub-test';

describe('a process server is reached', () => {
  it.each<[string, () => Promise<string>]>([
    ['tcp', async () => `tcp:port=${portOf(await serve('tcp:port=0,bind=127.0.0.1'))}`],
    [
      'npipe',
      async () => {
        const name = `stub-${process.pid}-${Date.now()}`;
        await serve(`npipe:pipe=${name}`);
        return `npipe:server=localhost,pipe=${name}`;
      },
    ],
    [
      'ssl',
      async () =>
        `ssl:${CERTIFICATE},port=${portOf(await serve(`ssl:${CERTIFICATE},port=0,bind=127.0.0.1`))}`,
    ],
    [
      'spipe',
      async () => {
        const name = `stub-s-${process.pid}-${Date.now()}`;
        await serve(`spipe:${CERTIFICATE},pipe=${name}`);
        return `spipe:${CERTIFICATE},server=localhost,pipe=${name}`;
      },
    ],
    [
      'com',
      async () => {
        const { ends: lines, close } = await ptyPair();
        ends.push(close);
        await serve(`com:port=${lines[0]},baud=1000000000,channel=3`);
        return `com:port=${lines[1]},baud=1000000000,channel=3`;
      },
    ],
  ])('by %s', async (_name, start) => {
    await debugThrough(await reach(await start()));
  });

  it('by a call of its own (clicon)', async () => {
    const port = 20_000 + (process.pid % 20_000);
    const notices: string[] = [];
    const reaching = reach(`tcp:clicon=localhost,port=${port}`, { notice: (text) => notices.push(text) });
    await serve(`tcp:port=${port},clicon=localhost`);
    await debugThrough(await reaching);
  });

  it('by nobody who stops waiting, has another password or none', async () => {
    const server = await serve('tcp:port=0,bind=127.0.0.1');
    const to = `tcp:port=${portOf(server)}`;
    expect((await failure(reach(`${to},password=no`))).code).toBe('WRONG_PASSWORD');
    expect((await failure(reach(to, { signal: AbortSignal.abort() }))).code).toBe('CANCELLED');
    const nobody = { getPassword: () => Promise.reject(connectionErrors.passwordNeeded()) };
    expect((await failure(reach(to, nobody))).code).toBe('PASSWORD_NEEDED');
    expect(server.clients).toBe(0);
  });
});

describe('what is no process server', () => {
  const never = new AbortController().signal;
  const identity = { host: 'h', user: 'u', program: 'p', version: '0' };
  const target = parseConnectionString('tcp:port=0,bind=127.0.0.1', { role: 'server', backslashes: 'strip' });

  async function open(options: {
    kind: 'debugger' | 'process';
    version?: number;
    accept?: (framed: Framed) => void;
  }): Promise<string> {
    const server = await openServer(target, {
      version: PROTOCOL_VERSION,
      identity,
      refused: () => undefined,
      ...options,
      accept: (_link, _hello, _peer, framed) => options.accept?.(framed),
    });
    ends.push(() => server.close());
    const { bound } = server;
    return `tcp:server=127.0.0.1,port=${'port' in bound ? bound.port.low : 0}`;
  }

  it('is told by the right menu entry, both ways', async () => {
    const stub = await failure(reach(await open({ kind: 'debugger' })));
    expect(stub).toMatchObject({ code: 'WRONG_KIND', data: { wanted: 'process', is: 'debugger' } });
    expect(stub.action).toContain('Connect to Remote Session');
    const options = { identity, signal: never, getPassword: async () => 'x' };
    const session = await failure(connectRemote(await open({ kind: 'process' }), options));
    expect(session).toMatchObject({ code: 'WRONG_KIND', data: { is: 'process' } });
    expect(session.action).toContain('Connect to Remote Stub');
    const bare = await failure(connectRemote('gdb:server=127.0.0.1,port=1', options));
    expect(bare).toMatchObject({ code: 'WRONG_KIND', data: { wanted: 'debugger', is: 'stub' } });
    expect(bare.action).toContain('Connect to Remote Stub');
  });

  it('is told by its version', async () => {
    const error = await failure(reach(await open({ kind: 'process', version: PROTOCOL_VERSION + 1 })));
    expect(error).toMatchObject({ code: 'VERSION_MISMATCH' });
    expect(error.message).toContain(
      'The client is not using same version of remoting protocol as the server',
    );
  });

  it.each<[string, unknown]>([
    ['a welcome without a machine', { resumeToken: 'x', resumeWindow: 1000, resumed: null }],
    ['no welcome at all', 'hello'],
  ])('is refused by what it answers: %s', async (_what, result) => {
    const to = await open({
      kind: 'process',
      accept: (framed) =>
        framed.setHandler(0, {
          data: (payload) => {
            const { id } = JSON.parse(String(payload)) as { id: number };
            framed.write(0, Buffer.from(JSON.stringify({ jsonrpc: '2.0', id, result })));
          },
        }),
    });
    expect((await failure(reach(to))).code).toBe('PROTOCOL_VIOLATION');
  });

  it('does not keep anybody waiting who cancels before it has answered', async () => {
    const stop = new AbortController();
    const to = await open({
      kind: 'process',
      accept: (framed) => framed.setHandler(0, { data: () => stop.abort() }),
    });
    expect((await failure(reach(to, { signal: stop.signal }))).code).toBe('CANCELLED');
  });

  it('is lost when it goes before it has answered', async () => {
    const to = await open({
      kind: 'process',
      accept: (framed) => framed.setHandler(0, { data: () => framed.destroy() }),
    });
    expect((await failure(reach(to))).code).toBe('LINK_LOST');
  });
});
