import fc from 'fast-check';
import { expect } from 'vitest';
import { HawserError } from '../../transports/errors/error.ts';
import { encodeFrame, FrameType } from '../../transports/frames/format.ts';
import { Framed } from '../../transports/frames/framed.ts';
import { jsonLink } from '../../transports/json-link.ts';
import { duplexPair } from '../../transports/testing/duplex-pair.ts';
import { fuzzAsync, nearlyBytes, nearlyJson } from '../../transports/testing/fuzz.ts';
import { EventLog } from '../log/event-log.ts';
import { type ClientInfo, viewerMethods } from '../protocol/session.ts';
import { Client, type RequestHandlers } from './client.ts';
import { paramSchemas } from './schemas.ts';

const log = new EventLog();
const jsonrpc = '2.0';
const right = [
  ...Object.keys(paramSchemas).map((method, id) => ({ jsonrpc, id, method, params: {} })),
  { jsonrpc, id: 1, method: 'session/execute', params: { command: 'k', commandId: 'a' } },
  { jsonrpc, id: 'x', method: 'session/views', params: { queries: [{ view: 'modules' }] } },
  { jsonrpc, id: 1, method: 'session/attach', params: { after: 0, window: 1 } },
  { jsonrpc, method: 'session/ack', params: { seq: 1 } },
  { jsonrpc, method: '$/cancelRequest', params: { id: 1 } },
  { jsonrpc, method: '$/progress', params: { token: 1, value: {} } },
  { jsonrpc, id: 1, result: {} },
  { jsonrpc, id: null, error: { code: -32600, message: 'm' } },
  [{ jsonrpc, id: 1, method: 'session/ping' }] as unknown as { jsonrpc: string },
];
const framed = (value: unknown) => encodeFrame(FrameType.data, 0, Buffer.from(JSON.stringify(value) ?? ''));
const messages = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: nearlyJson(right).map(framed) },
    { weight: 1, arbitrary: nearlyBytes(right.map(framed)) },
  ),
  { minLength: 1, maxLength: 4 },
);

/** What a viewer that sends this reaches: methods, checked by their schemas. */
fuzzAsync('json-rpc', messages, async (sent) => {
  const reached: string[] = [];
  const handlers = Object.fromEntries(
    Object.keys(paramSchemas).map((method) => [
      method,
      async () => {
        reached.push(method);
        return {};
      },
    ]),
  ) as unknown as RequestHandlers;
  const [theirs, ours] = duplexPair();
  theirs.on('data', () => undefined);
  const link = jsonLink(new Framed(ours, { maxReceive: 1 << 16 }));
  const closed = new Promise<HawserError | null>((resolve) => link.onClose(resolve));
  const host = { log, handlers, linkClosed: () => undefined };
  const info: ClientInfo = {
    ...{ id: 1, host: 'h', user: 'u', via: 'tcp 192.0.2.5:1' },
    ...{ role: 'viewer' as const, lastActive: 0, connectedAt: 0 },
  };
  new Client(info, 1, host).bind(link);
  for (const bytes of sent) theirs.write(bytes);
  theirs.end();
  const reason = await closed;
  if (reason !== null && !(reason instanceof HawserError)) throw reason;
  if (reason?.code === 'INTERNAL') throw reason;
  for (const method of reached) expect(viewerMethods).toContain(method);
  ours.destroy();
  theirs.destroy();
});
