import { expect } from 'vitest';
import { HawserError } from '../errors/error.ts';
import { fuzz, nearlyBytes, nearlyJson } from '../testing/fuzz.ts';
import { decode, encodeAnswer, encodeQuery } from './mdns/packet.ts';
import { answer, anyRequest, order, request } from './messages.ts';

const head = { hawser: 'directory', version: 1 };
const server = {
  kind: 'debugger',
  connection: 'tcp:Port=5005,Password=*',
  user: 'ann',
  program: 'cdb',
  started: 1,
  reach: 'network',
};
const error = { code: 'TOO_MANY_REQUESTS', message: 'm', action: 'a', data: {} };
const messages = [
  { ...head, request: 'list' },
  { ...head, request: 'register', servers: [server] },
  { ...head, request: 'introduce', pipe: 'p' },
  { ...head, request: 'relay', id: 1, port: null },
  { hawser: 'servers', version: 1, servers: [{ ...server, answering: true }], unlisted: 2 },
  { hawser: 'refused', version: 1, error },
  { hawser: 'relay', id: 1, pipe: 'p', caller: '192.0.2.5' },
  server,
  { ...server, connection: 'tcp:Port=1,password=secret' },
  { ...server, answering: true, user: '\u001b[2J' },
];

fuzz('directory', nearlyJson(messages), (value) => {
  for (const schema of [anyRequest, request, order]) schema.safeParse(value);
  const read = answer.safeParse(value);
  if (!read.success) return;
  if (read.data.hawser === 'refused') HawserError.fromWire(read.data.error).toWire();
  if (read.data.hawser !== 'servers') return;
  for (const { connection, user, program } of read.data.servers) {
    // What lists show: no secret, and nothing that steers a terminal or turns its text round.
    expect(connection).not.toMatch(/password\s*=\s*(?!\*(?:,|$))/i);
    expect(connection + user + program).not.toMatch(/\p{C}/u);
  }
});

fuzz('mdns', nearlyBytes([encodeQuery(7), encodeAnswer(7, 'birch.local', 24700)]), (bytes) => {
  for (const host of decode(bytes)?.hosts ?? []) expect(host).toMatch(/^[\p{L}\p{N}_-]{1,63}$/u);
});
