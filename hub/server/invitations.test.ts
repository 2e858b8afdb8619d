import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HubConnection } from '../client/hub-connection.ts';
import { collectEntries, entries, TestHub } from './testing/test-hub.ts';

let hub: TestHub;
let ann: HubConnection;
beforeEach(async () => {
  hub = await TestHub.start();
  ann = await hub.newcomer('ann@example.com', { mayHost: true });
});
afterEach(() => hub.close());

const tokenOf = (link: string | undefined) => link?.split('/').at(-1) ?? '';
const numbered = (count: number, from = 1) =>
  Array.from({ length: count }, (_, index) => `p${from + index}@example.com`);

async function invite(session: string, email: string): Promise<string> {
  const { invited } = await ann.request('invite/send', { session, emails: [email] });
  return tokenOf(invited[0]?.link);
}
const accept = (connection: HubConnection, token: string) =>
  connection.request('invite/accept', { token }).then(
    () => 'taken',
    ({ code }) => code,
  );

describe('inviting', () => {
  it('finds people who may join; says why others may not, and where to ask', async () => {
    await hub.person('bob@example.com', { name: 'Bob' });
    await hub.person('eve@example.com', { mayJoin: false });
    const { id: session } = await hub.session(ann);
    expect(await ann.request('invite/find', { session, email: ' BOB@example.com' })).toEqual({
      email: 'bob@example.com',
      name: 'Bob',
    });
    await expect(ann.request('invite/find', { session, email: 'eve@example.com' })).rejects.toMatchObject({
      code: 'PERSON_NOT_ELIGIBLE',
      message: expect.stringContaining('may not join'),
      action: 'Ask at help@example.com.',
      data: { contact: 'help@example.com' },
    });
    await expect(ann.request('invite/find', { session, email: 'zoe@example.com' })).rejects.toMatchObject({
      code: 'PERSON_NOT_ELIGIBLE',
      message: expect.stringContaining('no account'),
    });
  });

  it('takes ten over the session’s life, and not an eleventh; the host and those removed do not count', async () => {
    for (const email of numbered(12)) await hub.person(email);
    const { id: session } = await hub.session(ann);
    const send = (emails: readonly string[]) => ann.request('invite/send', { session, emails });
    const count = async () => (await ann.request('session/list', undefined))[0]?.invited.length;
    // All or none.
    await expect(send(numbered(11))).rejects.toMatchObject({ code: 'TOO_MANY_INVITED' });
    expect(await count()).toBe(0);
    await send([...numbered(8), 'ann@example.com']);
    await expect(send(numbered(3, 9))).rejects.toMatchObject({
      code: 'TOO_MANY_INVITED',
      data: { already: 8, more: 3, limit: 10 },
    });
    expect(await count()).toBe(9);
    await send(numbered(2, 9));
    await expect(send(numbered(1, 11))).rejects.toMatchObject({ code: 'TOO_MANY_INVITED' });
    // Who was invited before does not count again, unless they were removed in between.
    await send(numbered(1));
    await ann.request('invite/remove', { session, email: 'p1@example.com' });
    await send(numbered(1, 11));
    await expect(send(numbered(1))).rejects.toMatchObject({ code: 'TOO_MANY_INVITED' });
  });

  it('names one wrong person: nobody is invited', async () => {
    await hub.person('bob@example.com');
    const { id: session } = await hub.session(ann);
    const emails = ['bob@example.com', 'zoe@example.com'];
    await expect(ann.request('invite/send', { session, emails })).rejects.toMatchObject({
      code: 'PERSON_NOT_ELIGIBLE',
    });
    expect((await ann.request('session/list', undefined))[0]?.invited).toEqual([]);
  });

  it('lets ten be invited by two at once, and never eleven', async () => {
    for (const email of numbered(20)) await hub.person(email);
    const { id: session } = await hub.session(ann);
    const other = await hub.signIn('ann@example.com');
    const sent = await Promise.allSettled(
      numbered(20).map((email, index) =>
        (index % 2 ? ann : other).request('invite/send', { session, emails: [email] }),
      ),
    );
    expect(sent.filter(({ status }) => status === 'fulfilled').length).toBe(10);
    expect((await ann.request('session/list', undefined))[0]?.invited.length).toBe(10);
  });
});

describe('an invitation', () => {
  it('lets in the one it is for, once; each refusal says its own', async () => {
    const [bob, eve] = [await hub.newcomer('bob@example.com'), await hub.newcomer('eve@example.com')];
    const { id: session } = await hub.session(ann);
    const token = await invite(session, 'bob@example.com');
    expect(await accept(bob, 'not-a-token')).toBe('INVITATION_UNKNOWN');
    expect(await accept(eve, token)).toBe('INVITATION_OF_ANOTHER');
    expect(await accept(bob, token)).toBe('taken');
    expect(await accept(bob, token)).toBe('INVITATION_USED');
    await expect(ann.request('invite/send', { session, emails: ['bob@example.com'] })).rejects.toMatchObject({
      code: 'ALREADY_JOINED',
    });
    const old = await invite(session, 'eve@example.com');
    const newer = await invite(session, 'eve@example.com');
    expect(await accept(eve, old)).toBe('INVITATION_REPLACED');
    await ann.request('invite/remove', { session, email: 'eve@example.com' });
    expect(await accept(eve, newer)).toBe('INVITATION_REMOVED');
    expect(await eve.request('session/list', undefined)).toEqual([]);
  });

  it('is over after seven days; a new one may follow', async () => {
    const bob = await hub.newcomer('bob@example.com');
    const { id: session } = await hub.session(ann);
    const token = await invite(session, 'bob@example.com');
    hub.clock.offset += 7 * 24 * 60 * 60_000 + 1000;
    expect(await accept(bob, token)).toBe('INVITATION_EXPIRED');
    expect((await ann.request('session/list', undefined))[0]?.invited[0]?.state).toBe('expired');
    expect(await accept(bob, await invite(session, 'bob@example.com'))).toBe('taken');
  });

  it('of the host opens the session from elsewhere, as host, once', async () => {
    const { id: session } = await hub.session(ann);
    await hub.person('bob@example.com');
    const { host } = await ann.request('invite/send', { session, emails: ['bob@example.com'] });
    const elsewhere = await hub.signIn('ann@example.com');
    expect(await elsewhere.request('invite/accept', { token: tokenOf(host.link) })).toMatchObject({
      id: session,
      role: 'host',
    });
    expect(await accept(elsewhere, tokenOf(host.link))).toBe('INVITATION_USED');
    // And where the host is among those invited.
    const own = await ann.request('invite/send', { session, emails: ['ann@example.com'] });
    expect(own.invited).toEqual([own.host]);
    expect(await accept(elsewhere, tokenOf(own.host.link))).toBe('taken');
  });

  it('taken back cuts off who has joined, at once', async () => {
    const bob = await hub.newcomer('bob@example.com');
    const { id: session, agent } = await hub.session(ann);
    await accept(bob, await invite(session, 'bob@example.com'));
    const came = collectEntries(bob, session);
    const gone: unknown[] = [];
    bob.on('session/changed', ({ id, info }) => void (info ?? gone.push(id)));
    await bob.request('session/open', { session, after: 0, window: 1 << 20 });
    await agent.request('agent/append', { entries: entries(1, 3) });
    await expect.poll(() => came.length).toBe(3);
    await ann.request('invite/remove', { session, email: 'bob@example.com' });
    await agent.request('agent/append', { entries: entries(4, 6) });
    await expect.poll(() => gone).toEqual([session]);
    await expect(bob.request('session/read', { session, from: 1, count: 9 })).rejects.toMatchObject({
      code: 'SESSION_NOT_FOUND',
    });
    expect(came.length).toBe(3);
    expect(await hub.store.presence.list('person.')).toEqual([]);
  });
});
