import { describe, expect, it } from 'vitest';
import type { Message } from 'vscode-jsonrpc/node';
import type { NumberedEvent, SessionEvent, TargetState } from '../../../engine/protocol/session.ts';
import { connectionErrors, type HawserError } from '../../../transports/errors/index.ts';
import { memoryMessagePair } from '../../../transports/memory-link.ts';
import { type PagePort, SessionRelay } from './relay.ts';
import type { SessionFacts } from './watch.ts';

type Sent = Message & Record<string, unknown>;

class Port implements PagePort {
  readonly received: unknown[] = [];
  closed = false;
  #message: (event: { readonly data: unknown }) => void = () => {};

  postMessage(message: unknown): void {
    this.received.push(message);
  }

  on(event: 'message' | 'close', listener: (event: { readonly data: unknown }) => void): void {
    if (event === 'message') this.#message = listener;
  }

  start(): void {}

  close(): void {
    this.closed = true;
  }

  say(data: unknown): void {
    this.#message({ data });
  }
}

function setUp() {
  const [front, session] = memoryMessagePair();
  const got: Sent[] = [];
  session.reader.listen((message) => got.push(message as Sent));
  const facts: SessionFacts[] = [];
  const closed: (HawserError | null)[] = [];
  const warnings: string[] = [];
  let left = 0;
  const relay = new SessionRelay(front, {
    facts: (now) => facts.push(now),
    leave: () => left++,
    closed: (reason) => closed.push(reason),
    warn: (message) => warnings.push(message),
  });
  const send = (message: object) => session.writer.write({ jsonrpc: '2.0', ...message } as Message);
  return { relay, session, got, facts, closed, warnings, send, left: () => left };
}

const turn = () => new Promise((resolve) => setTimeout(resolve, 5));
const request = (id: number, method: string, params = {}) => ({ jsonrpc: '2.0', id, method, params });

const state = (run: TargetState['run']): TargetState => ({
  run,
  prompt: '',
  process: null,
  thread: null,
  kind: 'live',
  machine: 'birch',
  description: '',
  queued: 0,
});
const event = (seq: number, it: SessionEvent): NumberedEvent => ({ seq, time: 0, event: it });
const attachResult = (head: number, run: TargetState['run']) => ({
  sessionId: 's',
  you: { id: 1, host: 'h', user: 'u', via: 'local', role: 'owner', lastActive: 0, connectedAt: 0 },
  state: state(run),
  clients: [],
  servers: [],
  head,
  host: 'h',
  version: '1',
});

describe('SessionRelay', () => {
  it('passes requests and answers, each to whom it belongs', async () => {
    const { relay, got, send } = setUp();
    const port = new Port();
    relay.attachPort(port);
    port.say(request(1, 'session/ping'));
    const own = relay.request('session/breakIn', {});
    await turn();
    expect(got.map(({ method }) => method)).toEqual(['session/ping', 'session/breakIn']);
    await send({ id: got[1]?.id, result: { was: 'running' } });
    await send({ id: got[0]?.id, result: {} });
    await expect(own).resolves.toEqual({ was: 'running' });
    await turn();
    expect(port.received).toEqual([{ jsonrpc: '2.0', id: 1, result: {} }]);
  });

  it('keeps the answers to an earlier page from a later one', async () => {
    const { relay, got, send } = setUp();
    const [first, second] = [new Port(), new Port()];
    relay.attachPort(first);
    first.say(request(1, 'session/ping'));
    await turn();
    relay.attachPort(second);
    expect(first.closed).toBe(true);
    second.say(request(1, 'session/clients'));
    first.say(request(2, 'session/ping'));
    await turn();
    expect(got.map(({ method }) => method)).toEqual(['session/ping', 'session/clients']);
    await send({ id: got[0]?.id, result: { stale: true } });
    await send({ id: got[1]?.id, result: { clients: [] } });
    await turn();
    expect(second.received).toEqual([{ jsonrpc: '2.0', id: 1, result: { clients: [] } }]);
  });

  it('passes cancellation on under the same name', async () => {
    const { relay, got } = setUp();
    const port = new Port();
    relay.attachPort(port);
    port.say(request(7, 'session/execute', { command: 'g', commandId: 'c' }));
    port.say({ jsonrpc: '2.0', method: '$/cancelRequest', params: { id: 7 } });
    await turn();
    expect(got[1]).toMatchObject({ method: '$/cancelRequest', params: { id: got[0]?.id } });
  });

  it.each([
    { jsonrpc: '2.0', id: 1, method: 'session/everything' },
    { jsonrpc: '2.0', id: 'm1', method: 'session/ping' },
    { jsonrpc: '2.0', id: 1, result: {} },
    { jsonrpc: '2.0', method: 'session/events', params: {} },
    { id: 1, method: 'session/ping' },
    'text',
    null,
  ])('lets nothing else of the page through: %j', async (message) => {
    const { relay, got, warnings } = setUp();
    const port = new Port();
    relay.attachPort(port);
    port.say(message);
    await turn();
    expect(got).toEqual([]);
    expect(warnings).toHaveLength(1);
  });

  it('learns the state from what passes, and nothing from what is replayed', async () => {
    const { relay, got, facts, send } = setUp();
    const port = new Port();
    relay.attachPort(port);
    port.say(request(1, 'session/attach', { after: 0, window: 1000 }));
    await turn();
    await send({ id: got[0]?.id, result: attachResult(10, 'stopped') });
    await send({
      method: 'session/events',
      params: { events: [event(9, { type: 'state', state: state('running') })] },
    });
    await turn();
    expect(facts.at(-1)?.target?.run).toBe('stopped');
    const news = [event(11, { type: 'output', kind: 'normal', text: 'x' })];
    await send({ method: 'session/events', params: { events: news } });
    await turn();
    expect(facts).toHaveLength(1);
    await send({
      method: 'session/events',
      params: { events: [event(12, { type: 'state', state: state('running') })] },
    });
    await turn();
    expect(facts.at(-1)?.target?.run).toBe('running');
    expect(port.received).toHaveLength(4);
  });

  it('believes an event that overtook the answer to attach', async () => {
    const { relay, got, send } = setUp();
    const port = new Port();
    relay.attachPort(port);
    port.say(request(1, 'session/attach', { after: 0, window: 1000 }));
    await turn();
    await send({
      method: 'session/events',
      params: { events: [event(11, { type: 'state', state: state('running') })] },
    });
    await send({ id: got[0]?.id, result: attachResult(10, 'stopped') });
    await turn();
    expect(relay.facts).toMatchObject({ target: { run: 'running' }, you: { id: 1 } });
  });

  it('hears that it should leave', async () => {
    const { relay, got, send, left } = setUp();
    const port = new Port();
    relay.attachPort(port);
    port.say(request(1, 'session/execute', { command: '.remote_exit', commandId: 'c' }));
    await turn();
    await send({ id: got[0]?.id, result: { ok: true, leave: true } });
    await turn();
    expect(left()).toBe(1);
    expect(port.received).toHaveLength(1);
  });

  it('closes the port and fails what waits when the link is lost, once', async () => {
    const { relay, session, closed } = setUp();
    const port = new Port();
    relay.attachPort(port);
    const own = relay.request('session/ping', {});
    session.close(connectionErrors.serverEnded());
    await expect(own).rejects.toMatchObject({ code: 'SERVER_ENDED' });
    expect(closed.map((reason) => reason?.code)).toEqual(['SERVER_ENDED']);
    expect(port.closed).toBe(true);
    relay.close();
    await expect(relay.request('session/ping', {})).rejects.toMatchObject({ code: 'LINK_LOST' });
    expect(closed).toHaveLength(1);
  });
});
