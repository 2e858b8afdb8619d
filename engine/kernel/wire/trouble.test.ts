import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createConnection, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { openLine } from '../../../transports/com/line/open-line.ts';
import { ptyPair } from '../../../transports/com/testing/pty-pair.ts';
import { toHawserError } from '../../../transports/errors/error.ts';
import { encodePacket, RspReader } from '../../stub/rsp/packets.ts';
import type { StubStatus } from '../../stub/stub.ts';
import { connectKernel } from './connect.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const options = {
  program: 'test',
  version: '0',
  signal: new AbortController().signal,
  getPassword: async () => '',
  askMs: 150,
  silenceMs: 300,
};

/** What is at the far end of a wire: faults are injected here. */
async function farEnd(took: (socket: Socket) => void): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    ends.push(() => socket.destroy());
    took(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  ends.push(() => server.close());
  return `gdb:server=127.0.0.1,port=${(server.address() as AddressInfo).port}`;
}

const failing = (promise: Promise<unknown>) =>
  promise.then(
    () => 'it did not fail',
    (error: unknown) => toHawserError(error).code,
  );

const ANSWERS: Readonly<Record<string, string>> = { '?': 'S05', '!': '', qC: 'QC1', D: 'OK' };

/** Answers as a stub that knows little, until it is told to be silent. */
function stubOn(stream: NodeJS.ReadWriteStream, isSilent: () => boolean = () => false): void {
  const reader = new RspReader();
  stream.on('data', (bytes: Buffer) =>
    reader.push(bytes, (item) => {
      if (item.kind !== 'packet' || isSilent()) return;
      const body = item.body.toString('latin1');
      stream.write('+');
      stream.write(encodePacket(body.startsWith('qSupported') ? 'PacketSize=1000' : (ANSWERS[body] ?? '')));
    }),
  );
}

async function until(what: () => boolean): Promise<void> {
  while (!what()) await sleep(10);
}

describe('the troubles of a wire, each by its own name', () => {
  test('no answer: it is broken into and asked again, then given up', async () => {
    let heard = '';
    const wire = await farEnd((socket) =>
      socket.on('data', (bytes: Buffer) => {
        heard += bytes.toString('latin1');
      }),
    );
    expect(await failing(connectKernel(wire, { ...options, askMs: 700 }))).toBe('WIRE_SILENT');
    expect(heard.split('\x03').length - 1).toBe(2);
    expect(heard.split('$qSupported').length - 1).toBeGreaterThanOrEqual(3);
  });

  test.each([
    [1, 'WIRE_SILENT'],
    [2, 'it did not fail'],
    // Until it does.
    [0, 'it did not fail'],
  ])(
    'a virtual machine that answers when it is asked for the third time, with resets=%i',
    async (resets, outcome) => {
      const folder = mkdtempSync(join(tmpdir(), 'hawser-wire-'));
      ends.push(() => rmSync(folder, { recursive: true, force: true }));
      const path = join(folder, 'serial');
      let breaks = 0;
      const server = createServer((socket) => {
        socket.on('error', () => undefined);
        ends.push(() => socket.destroy());
        stubOn(socket, () => breaks < 2);
        socket.on('data', (bytes: Buffer) => {
          breaks += bytes.filter((byte) => byte === 3).length;
        });
      }).listen(path);
      await once(server, 'listening');
      ends.push(() => server.close());
      const connecting = connectKernel(`com:pipe,port=${path},resets=${resets}`, { ...options, askMs: 600 });
      connecting.then(
        (stub) => ends.push(() => stub.close()),
        () => undefined,
      );
      expect(await failing(connecting)).toBe(outcome);
      expect(breaks).toBe(resets === 1 ? 1 : 2);
    },
  );

  test('garbage', async () => {
    const wire = await farEnd((socket) => socket.write(Buffer.from([0x80, 0xf1, 0x07, 0x91, 0xfe, 0x83])));
    expect(await failing(connectKernel(wire, options))).toBe('WIRE_GARBLED');
  });

  test('something else altogether', async () => {
    const wire = await farEnd((socket) => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'));
    expect(await failing(connectKernel(wire, options))).toBe('NOT_A_STUB');
  });

  test('closed, and reset', async () => {
    const closed = await farEnd((socket) => socket.end());
    expect(await failing(connectKernel(closed, options))).toBe('WIRE_CLOSED');
    const reset = await farEnd((socket) => socket.once('data', () => socket.resetAndDestroy()));
    expect(await failing(connectKernel(reset, options))).toBe('WIRE_RESET');
  });

  test.each<[string, (socket: Socket, silence: () => void) => void]>([
    ['WIRE_SILENT', (_socket, silence) => silence()],
    ['WIRE_RESET', (socket) => void socket.resetAndDestroy()],
    ['WIRE_CLOSED', (socket) => void socket.end()],
    ['TARGET_REBOOTED', (socket) => void socket.write('\r\n[    0.000000] Linux version 6.1.0-18-amd64\r\n')],
  ])('in a session: %s, and then the target is met again', async (code, fault) => {
    const sockets: Socket[] = [];
    let silent = false;
    const wire = await farEnd((socket) => {
      sockets.push(socket);
      const first = sockets.length === 1;
      stubOn(socket, () => first && silent);
    });
    const stub = await connectKernel(wire, options);
    ends.push(() => stub.close());
    const statuses: StubStatus[] = [];
    stub.onStatus((status) => statuses.push(status));
    const opened = await stub.openDebugger();
    const told: string[] = [];
    opened.onEnded((error) => told.push(error.code));
    const gdb = createConnection(opened.socket);
    gdb.on('error', () => undefined);
    await once(gdb, 'connect');
    fault(sockets[0] as Socket, () => {
      silent = true;
    });
    gdb.write('$g#67');
    await until(() => stub.status.state === 'up' && statuses.length > 0);
    expect(told).toEqual([code]);
    expect(statuses.map(({ state }) => state)).toEqual(['lost', 'up']);
    expect(statuses[0]).toMatchObject({ error: { code } });
    expect(sockets.length).toBeGreaterThan(1);
  });

  test('KGDB that runs hears the break of the line and SysRq-g, and nothing else', async () => {
    const cable = await ptyPair();
    ends.push(() => cable.close());
    const far = await openLine(cable.ends[1], 115_200);
    ends.push(() => far.destroy());
    const breaks: string[] = [];
    let entered = false;
    far.on('data', (bytes: Buffer) => {
      // What comes while the kernel runs goes to its console.
      if (breaks.length > 0 && bytes.includes('g')) entered = true;
    });
    stubOn(far, () => !entered);
    const stub = await connectKernel(`com:port=${cable.ends[0]},baud=115200`, {
      ...options,
      askMs: 1500,
      lineBreak: async (path, baud) => void breaks.push(`${path} ${baud}`),
    });
    ends.push(() => stub.close());
    expect(breaks).toEqual([`${cable.ends[0]} 115200`]);
    expect(stub.status.state).toBe('up');
  });
});
