import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { PROTOCOL_VERSION } from '../engine/protocol/session.ts';
import { encodeFrame, FrameType } from '../transports/frames/format.ts';
import { AttemptLimiter } from '../transports/hello/attempts.ts';
import { HandshakeGate } from '../transports/hello/gate.ts';
import { acceptHello } from '../transports/hello/server.ts';
import { ConsoleProcess } from './testing/console-process.ts';

const { signal } = new AbortController();
const identity = { host: 'evil', user: 'mallory', program: 'hawser cdb', version: '1' };

let server: Server;
const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  server.close();
});

/** A server that lets everybody in, and then sends what it likes. */
async function hostile(send: (socket: Socket) => void): Promise<number> {
  server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    const connection = { stream: socket, peer: 'tcp', peerAddress: '127.0.0.1' };
    const options = { kind: 'debugger', version: PROTOCOL_VERSION, identity, signal } as const;
    void acceptHello(connection, { ...options, attempts: new AttemptLimiter(), gate: new HandshakeGate() })
      .then(() => send(socket))
      .catch(() => undefined);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}

const message = (text: string) => encodeFrame(FrameType.data, 0, Buffer.from(text));
const deep = `{"jsonrpc":"2.0","id":0,"result":${'['.repeat(200_000)}${']'.repeat(200_000)}}`;
const header = (length: number) => {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32BE(length >>> 0, 0);
  return bytes;
};

describe('a client of a server that means harm', () => {
  it.each<[string, (socket: Socket) => void]>([
    ['announces four gigabytes', (socket) => void socket.write(header(0xffffffff))],
    ['sends no JSON', (socket) => void socket.write(message('{"jsonrpc"'))],
    ['sends an answer as deep as the stack', (socket) => void socket.write(message(deep))],
    [
      'cancels without saying what',
      (socket) => void socket.write(message('{"jsonrpc":"2.0","method":"$/cancelRequest"}')),
    ],
    [
      'answers with another thing',
      (socket) => void socket.write(message('{"jsonrpc":"2.0","id":0,"result":"no"}')),
    ],
    ['sends frames that are none', (socket) => void socket.write(Buffer.alloc(64, 0xff))],
    [
      'sends without end',
      (socket) => {
        const much = Buffer.concat(
          Array(100).fill(message(`{"jsonrpc":"2.0","method":"x","params":["${'y'.repeat(5000)}"]}`)),
        );
        let left = 400;
        const more = () => {
          while (left-- > 0) if (!socket.write(much)) return void socket.once('drain', more);
          socket.end();
        };
        more();
      },
    ],
  ])('one that %s', { timeout: 120_000 }, async (_what, send) => {
    const port = await hostile((socket) => {
      send(socket);
      // What it says next is for those who are still there.
      setTimeout(() => socket.end(), 1000).unref();
    });
    const client = new ConsoleProcess(['cdb', '-remote', `tcp:server=127.0.0.1,port=${port}`], {
      NODE_OPTIONS: '--max-old-space-size=200',
    });
    client.endInput();
    const status = await client.exited();
    expect(status, client.stderr).not.toBe(0);
    expect(client.stderr).toMatch(/\S/);
    expect(client.stdout + client.stderr).not.toMatch(/TypeError|RangeError|heap out of memory| {4}at /);
  });
});
