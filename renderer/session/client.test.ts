import { expect, test } from 'vitest';
import type { AttachResult, NumberedEvent } from '../../engine/protocol/session.ts';
import { SessionClient, type SessionObserver } from './client.ts';
import type { PortLike } from './json-rpc.ts';
import { SessionError } from './session-error.ts';

type Message = Record<string, unknown> & { id?: number; method?: string; params?: Record<string, unknown> };

class FakePort implements PortLike {
  readonly sent: Message[] = [];
  #listeners = { message: [] as ((e: { data?: unknown }) => void)[], close: [] as ((e: object) => void)[] };
  postMessage(message: unknown) {
    this.sent.push(message as Message);
  }
  addEventListener(type: 'message' | 'close', listener: (event: { data?: unknown }) => void) {
    this.#listeners[type].push(listener);
  }
  start() {}
  close() {}
  deliver(data: unknown) {
    for (const listener of this.#listeners.message) listener({ data });
  }
  hangUp() {
    for (const listener of this.#listeners.close) listener({});
  }
  answer(method: string, result: unknown) {
    const request = this.sent.filter((m) => m.method === method).at(-1);
    this.deliver({ jsonrpc: '2.0', id: request?.id, result });
  }
  events(...events: NumberedEvent[]) {
    this.deliver({ jsonrpc: '2.0', method: 'session/events', params: { events } });
  }
}

const result = (sessionId: string, head: number) =>
  ({ sessionId, head, clients: [], servers: [] }) as unknown as AttachResult;
const at = (seq: number): NumberedEvent => ({ seq, time: 0, event: { type: 'modulesChanged' } });

function setUp() {
  const port = new FakePort();
  const log: string[] = [];
  const observer: SessionObserver = {
    attached: (r, resumed) => log.push(`attached ${r.sessionId} ${resumed}`),
    event: ({ seq }, live) => log.push(`${seq}${live ? ' live' : ''}`),
    closed: () => log.push('closed'),
  };
  return { port, log, client: new SessionClient(port, observer) };
}

test('attaches from the beginning; events that overtake the answer wait for it', async () => {
  const { port, log, client } = setUp();
  const done = client.attach(null);
  expect(port.sent[0]).toMatchObject({ method: 'session/attach', params: { after: 0 } });
  port.events(at(1), at(2));
  port.answer('session/attach', result('a', 1));
  await done;
  port.events(at(3));
  expect(log).toEqual(['attached a false', '1', '2 live', '3 live']);
  expect(client.resumePoint).toEqual({ sessionId: 'a', seq: 3 });
});

test('resumes the same session from its last number', async () => {
  const { port, log, client } = setUp();
  const done = client.attach({ sessionId: 'a', seq: 5 });
  expect(port.sent[0]).toMatchObject({ params: { after: 5 } });
  port.answer('session/attach', result('a', 6));
  await done;
  port.events(at(6));
  expect(log).toEqual(['attached a true', '6']);
});

test('another session is taken from its beginning, and nothing of the first try is shown', async () => {
  const { port, log, client } = setUp();
  const done = client.attach({ sessionId: 'a', seq: 5 });
  port.events(at(6));
  port.answer('session/attach', result('b', 6));
  await Promise.resolve();
  await Promise.resolve();
  expect(port.sent[1]).toMatchObject({ method: 'session/attach', params: { after: 0 } });
  port.events(at(7), at(8));
  port.events(at(1), at(2));
  port.answer('session/attach', result('b', 8));
  await done;
  expect(log).toEqual(['attached b false', '1', '2']);
});

test('what an earlier attachment over the same link still had under way is not shown', async () => {
  const { port, log, client } = setUp();
  const done = client.attach(null);
  port.events(at(5), at(6));
  port.events(at(1));
  port.answer('session/attach', result('a', 6));
  await done;
  port.events(at(2));
  expect(log).toEqual(['attached a false', '1', '2']);
});

test('acknowledges what was taken in, when idle', async () => {
  const { port, client } = setUp();
  const done = client.attach(null);
  port.answer('session/attach', result('a', 0));
  await done;
  client.taken(2, 100);
  client.idle();
  expect(port.sent.at(-1)).toEqual({ jsonrpc: '2.0', method: 'session/ack', params: { seq: 2 } });
});

test('an error comes whole', async () => {
  const { port, client } = setUp();
  const asked = client.request('session/breakIn', {});
  const data = { code: 'VIEWER', message: 'No.', action: 'Ask.', data: { role: 'viewer' } };
  port.deliver({ jsonrpc: '2.0', id: port.sent[0]?.id, error: { code: -32000, message: 'No.', data } });
  const error = await asked.catch((e: unknown) => e);
  expect(error).toBeInstanceOf(SessionError);
  expect((error as SessionError).wire).toEqual(data);
});

test('a closed port fails what waits, and what is asked later', async () => {
  const { port, log, client } = setUp();
  const asked = client.request('session/ping', {});
  port.hangUp();
  await expect(asked).rejects.toMatchObject({ wire: { code: 'SESSION_CLOSED' } });
  await expect(client.request('session/ping', {})).rejects.toMatchObject({
    wire: { code: 'SESSION_CLOSED' },
  });
  expect(log).toEqual(['closed']);
});

test('a request from the other end is answered: there are none', () => {
  const { port } = setUp();
  port.deliver({ jsonrpc: '2.0', id: 9, method: 'what' });
  expect(port.sent.at(-1)).toMatchObject({ id: 9, error: { code: -32601 } });
});
