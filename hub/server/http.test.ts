import { request } from 'node:https';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { HubConnection } from '../client/hub-connection.ts';
import { MAX_MESSAGE } from '../protocol/hub.ts';
import { collectEntries, entries, TestHub } from './testing/test-hub.ts';

let hub: TestHub;
afterEach(() => hub.close());

const get = (path: string, method = 'GET') =>
  new Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; body: string }>(
    (resolve, reject) => {
      const options = { method, rejectUnauthorized: false, agent: false as const };
      const sent = request(`https://127.0.0.1:${hub.hub.port}${path}`, options, (response) => {
        let body = '';
        response.on('data', (chunk) => (body += chunk));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
        );
      });
      sent.on('error', reject);
      sent.end();
    },
  );

/** What comes of raw text over the WebSocket: messages, then the close code. */
function raw(texts: readonly (string | Buffer)[], headers: Record<string, string> = {}) {
  const came: string[] = [];
  const socket = new WebSocket(`wss://127.0.0.1:${hub.hub.port}/rpc`, { rejectUnauthorized: false, headers });
  const closed = new Promise<number>((resolve) => {
    socket.on('close', resolve);
    socket.on('error', () => resolve(-1));
  });
  socket.on('message', (data) => void came.push(String(data)));
  socket.on('open', () => {
    for (const text of texts) socket.send(text);
  });
  return { came, closed, socket };
}

describe('the hub’s port', () => {
  it('explains an invitation, without using it up, and lets the page do nothing', async () => {
    hub = await TestHub.start();
    const ann = await hub.newcomer('ann@example.com', { mayHost: true });
    const bob = await hub.newcomer('bob@example.com');
    const { id } = await hub.session(ann);
    const { invited } = await ann.request('invite/send', { session: id, emails: ['bob@example.com'] });
    const token = invited[0]?.link.split('/').at(-1) ?? '';
    const page = await get(`/i/${token}`);
    expect(page.status).toBe(200);
    expect(page.body).toContain('Take Part');
    expect(page.body).not.toMatch(/<script|<form|<img|<iframe|<link/);
    expect(page.headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'sha256-[^']+';/);
    expect(page.headers).toMatchObject({
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    });
    // Nobody learns from it which are good.
    expect((await get('/i/AAAA')).body).toBe(page.body);
    expect(await bob.request('invite/accept', { token })).toMatchObject({ id });
    expect((await get('/health')).body).toBe('ok\n');
    expect((await get('/')).status).toBe(200);
    for (const path of ['/nothing', '/i/', '/i/a/b', '/../etc/passwd', '/oidc/callback'])
      expect((await get(path)).status).toBe(404);
    expect((await get('/', 'POST')).status).toBe(405);
  });

  it('takes hello first, in time, of its version', async () => {
    hub = await TestHub.start({ settings: { helloTimeout: 1000 } });
    const early = raw(['{"jsonrpc":"2.0","id":1,"method":"session/list"}']);
    await expect.poll(() => early.came.join()).toContain('HELLO_FIRST');
    const other = raw(['{"jsonrpc":"2.0","id":1,"method":"hub/hello","params":{"version":99,"client":"x"}}']);
    await expect.poll(() => other.came.join()).toContain('HUB_VERSION_MISMATCH');
    expect(await early.closed).not.toBe(-1);
    expect(await raw([]).closed).not.toBe(-1);
  });

  it.each([
    '{"jsonrpc":"2.0","method":"$/cancelRequest"}',
    '{"jsonrpc":"2.0","method":"$/cancelRequest","params":null}',
    '{"jsonrpc":"2.0","method":"$/progress"}',
    '{"jsonrpc":"2.0","id":{},"method":"hub/hello"}',
    '{"jsonrpc":"2.0","id":1,"error":null}',
    '{"jsonrpc":"2.0"}',
  ])('lives on after %s from whoever', async (text) => {
    hub = await TestHub.start();
    const stranger = raw([text]);
    const over = Promise.race([stranger.closed, new Promise((later) => setTimeout(later, 200))]);
    await over;
    stranger.socket.terminate();
    expect((await get('/health')).body).toBe('ok\n');
    await hub.newcomer('ann@example.com');
  });

  it('drops what is too large, no JSON-RPC, or comes from a web page', async () => {
    hub = await TestHub.start();
    expect(await raw(['x'.repeat(MAX_MESSAGE + 1)]).closed).toBe(1009);
    expect(await raw(['no json']).closed).toBe(1003);
    expect(await raw([Buffer.from([1, 2, 3])]).closed).toBe(1003);
    expect(await raw([], { origin: 'https://evil.example.com' }).closed).toBe(-1);
  });

  it('refuses parameters that are not in order, one by one', async () => {
    hub = await TestHub.start();
    const ann = await hub.newcomer('ann@example.com', { mayHost: true });
    const { id: session, agent } = await hub.session(ann);
    const bad = (name: string, params: unknown, by: HubConnection = ann) =>
      by.request(name as never, params as never).catch(({ code }) => code);
    expect(await bad('no/such', {})).toBe('BAD_REQUEST');
    expect(await bad('session/list', { extra: 1 })).toBe('BAD_REQUEST');
    expect(await bad('session/open', { session, after: -1, window: 1 })).toBe('BAD_REQUEST');
    expect(await bad('session/open', { session, after: 0, window: 1e12 })).toBe('BAD_REQUEST');
    expect(await bad('session/open', { session: '../x', after: 0, window: 1 })).toBe('BAD_REQUEST');
    expect(await bad('session/order', { session, sealed: 'not base64!' })).toBe('BAD_REQUEST');
    const create = { description: '', computer: 'c', direct: false };
    expect(await bad('session/create', { ...create, name: 'two\nlines' })).toBe('BAD_REQUEST');
    expect(await bad('session/create', { ...create, name: '' })).toBe('BAD_REQUEST');
    expect(await bad('session/create', { ...create, name: 'x'.repeat(101) })).toBe('BAD_REQUEST');
    expect(await bad('invite/find', { session, email: 'a@b\nBcc: c@d' })).toBe('BAD_REQUEST');
    expect(await bad('agent/append', { entries: [{ seq: 0, at: 1, sealed: 'AAAA' }] }, agent)).toBe(
      'BAD_REQUEST',
    );
    expect(await bad('agent/append', { entries: entries(2, 2) }, agent)).toBe('HISTORY_GAP');
    expect(await ann.request('session/list', undefined)).toHaveLength(1);
  });

  it('takes only so many connections from one address', async () => {
    hub = await TestHub.start({ settings: { maxConnectionsPerAddress: 5 } });
    const open = Array.from({ length: 5 }, () => raw([]));
    await expect.poll(() => hub.hub.connections).toBe(5);
    expect(await raw([]).closed).toBe(-1);
    open[0]?.socket.close();
    await expect.poll(() => hub.hub.connections).toBe(4);
    await expect.poll(async () => (await get('/health').catch(() => null))?.status).toBe(200);
    for (const { socket } of open) socket.terminate();
  });
});

describe('a slow reader', () => {
  it('gets no more ahead of its acknowledgements than its window, and keeps nobody else waiting', async () => {
    hub = await TestHub.start();
    const ann = await hub.newcomer('ann@example.com', { mayHost: true });
    const slow = await hub.signIn('ann@example.com');
    const fast = await hub.signIn('ann@example.com');
    const { id: session, agent } = await hub.session(ann);
    const size = 3000;
    const [slowly, quickly] = [collectEntries(slow, session, false), collectEntries(fast, session)];
    const window = 5 * 4000;
    for (const each of [slow, fast]) await each.request('session/open', { session, after: 0, window });
    for (let from = 1; from <= 400; from += 50)
      await agent.request('agent/append', { entries: entries(from, from + 49, size) });
    await expect.poll(() => quickly.length).toBe(400);
    expect(quickly).toEqual(entries(1, 400, size));
    expect(slowly.length).toBe(5);
    while (slowly.length < 400) {
      const before = slowly.length;
      slow.notify('session/ack', { session, seq: before });
      await expect.poll(() => slowly.length).toBeGreaterThan(before);
      expect(slowly.length - before).toBeLessThanOrEqual(5);
    }
    expect(slowly).toEqual(entries(1, 400, size));
    // Where it had been is where it goes on.
    const again = collectEntries(slow, session, false);
    await slow.request('session/open', { session, after: 398, window: 1 });
    await expect.poll(() => again.map(({ seq }) => seq)).toEqual([399]);
  });
});
