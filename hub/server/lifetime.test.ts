import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HubConnection } from '../client/hub-connection.ts';
import type { SessionInfo } from '../protocol/hub.ts';
import { administer } from './administration.ts';
import { sweep } from './sweeper.ts';
import { collectEntries, entries, entry, TestHub } from './testing/test-hub.ts';

const DAY = 24 * 60 * 60_000;

let hub: TestHub;
let ann: HubConnection;
let bob: HubConnection;
beforeEach(async () => {
  hub = await TestHub.start();
  ann = await hub.newcomer('ann@example.com', { mayHost: true });
  bob = await hub.newcomer('bob@example.com');
});
afterEach(() => hub.close());

async function joined() {
  const made = await hub.session(ann);
  const { invited } = await ann.request('invite/send', { session: made.id, emails: ['bob@example.com'] });
  await bob.request('invite/accept', { token: invited[0]?.link.split('/').at(-1) ?? '' });
  await made.agent.request('agent/append', { entries: entries(1, 5) });
  return made;
}

describe('the end of a session', () => {
  it('by the menu is told to all, and to the agent, which says its last', async () => {
    const { id: session, agent } = await joined();
    const told: (SessionInfo | null)[] = [];
    const asked: unknown[] = [];
    bob.on('session/changed', ({ info }) => void told.push(info));
    agent.on('agent/terminate', (params) => void asked.push(params));
    expect(await ann.request('session/terminate', { session })).toMatchObject({
      state: 'terminated',
      end: { by: 'menu', at: expect.any(Number) },
    });
    await expect.poll(() => asked).toEqual([{ by: 'menu', detail: '' }]);
    await agent.request('agent/append', { entries: entries(6, 7) });
    await agent.request('agent/ended', { by: 'agent', detail: '', last: 7 });
    await expect.poll(() => told.at(-1)?.end?.by).toBe('menu');
    await expect(agent.request('agent/append', { entries: entries(8, 8) })).rejects.toMatchObject({
      code: 'SESSION_TERMINATED',
    });
    await expect(ann.request('session/order', { session, sealed: 'AAAA' })).rejects.toMatchObject({
      code: 'SESSION_TERMINATED',
    });
    await expect(ann.request('invite/send', { session, emails: ['bob@example.com'] })).rejects.toMatchObject({
      code: 'SESSION_TERMINATED',
    });
    // Reading goes on.
    const came = collectEntries(bob, session);
    await bob.request('session/open', { session, after: 0, window: 1000 });
    await expect.poll(() => came).toEqual(entries(1, 7));
  });

  it('by a command or the debugger is told with what it was', async () => {
    const { id: session, agent } = await joined();
    await expect(
      agent.request('agent/ended', { by: 'command', detail: 'qq', last: 9 }),
    ).rejects.toMatchObject({ code: 'HISTORY_GAP' });
    await agent.request('agent/ended', { by: 'command', detail: 'qq', last: 5 });
    const [info] = await bob.request('session/list', undefined);
    expect(info).toMatchObject({ id: session, state: 'terminated', end: { by: 'command', detail: 'qq' } });
  });

  it('comes when the history is as large as the hub keeps, and not by a repeated append', async () => {
    const small = await TestHub.start({ settings: { maxHistoryBytes: 2 ** 18 } });
    try {
      const host = await small.newcomer('ann@example.com', { mayHost: true });
      const { agent } = await small.session(host);
      const first = Array.from({ length: 4 }, (_, at) => entry(at + 1, 60_000));
      expect(await agent.request('agent/append', { entries: first })).toEqual({ last: 4 });
      expect(await agent.request('agent/append', { entries: first })).toEqual({ last: 4 });
      await expect(agent.request('agent/append', { entries: [entry(5)] })).rejects.toMatchObject({
        code: 'HISTORY_FULL',
        message: expect.stringContaining('has 0.25 MiB, as many as this hub keeps'),
        action: expect.stringContaining('-max-history'),
      });
      await agent.request('agent/ended', { by: 'agent', detail: 'HISTORY_FULL', last: 4 });
      expect(await host.request('session/list', undefined)).toMatchObject([
        { state: 'terminated', last: 4, end: { by: 'agent', detail: 'HISTORY_FULL' } },
      ]);
    } finally {
      await small.close();
    }
  });

  it('reaches an agent that was away when it is back', async () => {
    const { id: session, agent, agentToken } = await joined();
    agent.close();
    await expect.poll(async () => (await ann.request('session/list', undefined))[0]?.agent).toBe(false);
    // It stays open for as long as nobody ends it.
    hub.clock.offset += 20 * DAY;
    await sweep(hub.hub.context);
    expect((await ann.request('session/list', undefined))[0]?.state).toBe('open');
    await ann.request('session/terminate', { session });
    const asked: unknown[] = [];
    const again = await hub.connect();
    again.on('agent/terminate', (params) => void asked.push(params));
    await again.request('account/resume', { token: agentToken });
    await expect.poll(() => asked).toEqual([{ by: 'menu', detail: '' }]);
  });

  it('by an administrator, at the console or signed in', async () => {
    const one = await joined();
    const two = await hub.session(ann, 'Another');
    const root = await hub.newcomer('root@example.com', { administrator: true });
    await expect(bob.request('session/terminate', { session: one.id })).rejects.toMatchObject({
      code: 'HOST_ONLY',
    });
    expect(await root.request('session/terminate', { session: one.id })).toMatchObject({
      end: { by: 'administrator' },
    });
    await administer(hub.hub.context).terminate(two.id);
    const ends = (await ann.request('session/list', undefined)).map(({ end }) => end?.by);
    expect(ends).toEqual(['administrator', 'administrator']);
    await expect(administer(hub.hub.context).terminate(two.id)).rejects.toMatchObject({
      code: 'SESSION_TERMINATED',
    });
  });

  it('leaves it readable for seven days, then it is gone for them, and the history is deleted', async () => {
    const { id: session, agent, agentToken } = await joined();
    await agent.request('agent/ended', { by: 'debugger', detail: 'exit 0', last: 5 });
    // Told by the sweep, or by whatever is told of the session in between.
    const gone: unknown[] = [];
    bob.on('session/changed', ({ id, info }) => void (info ?? gone.push(id)));
    const read = () =>
      bob.request('session/read', { session, from: 1, count: 9 }).then(
        (page) => page.entries.length,
        ({ code }) => code,
      );
    hub.clock.offset += 7 * DAY - 60_000;
    await sweep(hub.hub.context);
    expect(await read()).toBe(5);
    expect((await bob.request('session/list', undefined)).length).toBe(1);
    hub.clock.offset += 2 * 60_000;
    // Before it is swept, too.
    expect(await read()).toBe('SESSION_HISTORY_GONE');
    expect(await bob.request('session/list', undefined)).toEqual([]);
    await sweep(hub.hub.context);
    await expect.poll(() => gone).toEqual([session]);
    expect(await hub.store.histories.read(session, 1, 10, 1000)).toEqual([]);
    for (const name of ['invitations', 'members'] as const)
      for await (const [key] of hub.store.records(name).list()) expect(key).toContain('ann');
    await expect(agent.request('account/resume', { token: agentToken })).rejects.toMatchObject({
      code: 'SIGN_IN_EXPIRED',
    });
    // For the host it is in the list, marked, until it is taken out or ninety days are over.
    const [info] = await ann.request('session/list', undefined);
    expect(info).toMatchObject({ id: session, state: 'terminated', end: { by: 'debugger' } });
    await expect(ann.request('session/open', { session, after: 0, window: 100 })).rejects.toMatchObject({
      code: 'SESSION_HISTORY_GONE',
    });
    await sweep(hub.hub.context);
    expect((await ann.request('session/list', undefined)).length).toBe(1);
    await ann.request('session/removeFromList', { session });
    expect(await ann.request('session/list', undefined)).toEqual([]);
    await sweep(hub.hub.context);
    expect(await hub.hub.context.sessions.find(session)).toBeUndefined();
  });

  it('lets everybody take it out of their own list, but not before', async () => {
    const { id: session, agent } = await joined();
    await expect(bob.request('session/removeFromList', { session })).rejects.toMatchObject({
      code: 'SESSION_STILL_OPEN',
    });
    await agent.request('agent/ended', { by: 'debugger', detail: 'exit 0', last: 5 });
    await bob.request('session/removeFromList', { session });
    expect(await bob.request('session/list', undefined)).toEqual([]);
    expect((await ann.request('session/list', undefined)).length).toBe(1);
  });

  it('comes with the account of its host', async () => {
    const { id } = await joined();
    await administer(hub.hub.context).removeAccount('ann@example.com');
    expect((await hub.hub.context.sessions.find(id))?.end?.by).toBe('administrator');
  });
});

describe('the audit log', () => {
  it('says who did what, when, and from where; nothing secret', async () => {
    const { agent, agentToken, id } = await joined();
    await bob.request('session/open', { session: id, after: 0, window: 1000 });
    await ann.request('invite/remove', { session: id, email: 'bob@example.com' });
    await (await hub.connect())
      .request('account/signIn', { email: 'bob@example.com', password: 'wrong password here' })
      .catch(() => undefined);
    await ann.request('session/terminate', { session: id });
    await agent.request('agent/ended', { by: 'menu', detail: '', last: 5 });
    const lines = await administer(hub.hub.context).audit(undefined, undefined, 0, 1000);
    expect(lines.map(({ who, what }) => `${who} ${what}`)).toEqual([
      'ann@example.com signIn',
      'bob@example.com signIn',
      'ann@example.com session.create',
      `agent ${id} agent.connected`,
      'ann@example.com invite.send',
      'bob@example.com invite.accept',
      'bob@example.com session.open',
      'ann@example.com invite.remove',
      'bob@example.com signIn.failed',
      'ann@example.com session.terminate',
      `agent ${id} session.ended`,
    ]);
    expect(lines.every(({ about }) => String(about.from).endsWith('127.0.0.1'))).toBe(true);
    const text = JSON.stringify(lines);
    for (const secret of [agentToken, 'wrong password here', 'correct horse'])
      expect(text).not.toContain(secret);
  });
});
