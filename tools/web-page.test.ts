import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asRequest } from '../transports/directory/messages.ts';
import { privatePort } from '../transports/directory/testing/port.ts';
import { encodeFrame, FrameType } from '../transports/frames/format.ts';
import { ConsoleProcess } from './testing/console-process.ts';
import { ticker } from './testing/programs.ts';

const WHERE = 'port=5200:5400,bind=127.0.0.1';
const ports = new Map<string, number>();
const running: ConsoleProcess[] = [];

/** Each of our servers without a password, as a page may hope for. */
beforeAll(async () => {
  const directory = await privatePort();
  ports.set('directory', directory);
  for (const [name, words, said] of [
    ['debugging server', ['cdb', '-server', `tcp:${WHERE}`, ticker()], /-remote tcp:Port=(\d+)/],
    ['process server', ['dbgsrv', '-t', `tcp:${WHERE}`], /-premote tcp:Port=(\d+)/],
    ['KD connection server', ['kdsrv', '-t', `tcp:${WHERE}`], /tcp:Port=(\d+)/],
  ] as const) {
    const server = new ConsoleProcess(words, { HAWSER_DIRECTORY_PORT: String(directory) });
    running.push(server);
    ports.set(name, Number((await server.see(said))[1]));
  }
}, 240_000);
afterAll(async () => {
  for (const process of running.splice(0)) {
    process.kill('SIGTERM');
    await process.exited();
  }
});

/** What comes back until the server closes. */
function answer(port: number, bytes: Buffer): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    let text = '';
    socket.on('data', (data) => {
      text += data.toString('latin1');
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(text));
  });
}

const identity = { host: 'h', user: 'u', program: 'p', version: '1' };
const hello = { hawser: 'hello', protocol: 1, kind: 'debugger', client: identity, maxPayload: 1 << 20 };
const ours = Buffer.concat([
  encodeFrame(FrameType.data, 0, Buffer.from(JSON.stringify(hello))),
  Buffer.from(`\n${JSON.stringify(asRequest({ request: 'list' }))}\n`),
]);
const http = (head: string, body = Buffer.alloc(0)) =>
  Buffer.concat([Buffer.from(`${head}\r\nHost: localhost\r\nOrigin: https://evil.example\r\n`), body]);
const withBody = (body: Buffer) =>
  Buffer.concat([Buffer.from(`Content-Length: ${body.length}\r\n\r\n`), body]);

const requests = {
  'an address': http('GET / HTTP/1.1', Buffer.from('\r\n')),
  'a form with our own words in it': http('POST / HTTP/1.1\r\nContent-Type: text/plain', withBody(ours)),
  'a question whether it may': http(
    'OPTIONS / HTTP/1.1\r\nAccess-Control-Request-Method: PUT',
    Buffer.from('\r\n'),
  ),
  'a WebSocket': http(
    'GET / HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
    Buffer.from('\r\n'),
  ),
  'HTTP/2': Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
  TLS: Buffer.from('1603010200010001fc0303', 'hex'),
};

describe.each(['debugging server', 'process server', 'KD connection server', 'directory'])(
  'a web page that talks to the port of a %s',
  (name) => {
    it.each(Object.entries(requests))('gets nothing for %s', { timeout: 60_000 }, async (_what, bytes) => {
      expect(await answer(ports.get(name) ?? 0, bytes)).toBe('');
    });
  },
);

it('the servers are still there for those they are for', { timeout: 60_000 }, async () => {
  const said = await new Promise<string>((resolve) => {
    const socket = connect(ports.get('debugging server') ?? 0, '127.0.0.1');
    socket.write(encodeFrame(FrameType.data, 0, Buffer.from(JSON.stringify(hello))));
    socket.once('data', (data) => {
      resolve(data.toString('latin1'));
      socket.destroy();
    });
  });
  expect(said).toContain('"accepted"');
});
