import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { collectEntries, entries, PASSWORD, TestHub } from './testing/test-hub.ts';

let hub: TestHub;
beforeEach(async () => {
  hub = await TestHub.start();
});
afterEach(() => hub.close());

describe('signing in', () => {
  it('takes the right password, whatever the case of the address, and gives a token that is taken again', async () => {
    await hub.person('ann@example.com', { name: 'Ann', mayHost: true });
    const connection = await hub.connect();
    const me = await connection.request('account/signIn', { email: 'Ann@Example.com', password: PASSWORD });
    expect(me).toMatchObject({
      kind: 'person',
      account: { email: 'ann@example.com', name: 'Ann', mayHost: true, mayJoin: true, signIn: 'password' },
    });
    const { token } = me as { token: string };
    const again = await hub.connect({ token });
    expect(await again.request('session/list', undefined)).toEqual([]);
    // What is kept of it is not it.
    const kept = await hub.store.records('tokens').list();
    for await (const [key, value] of kept) expect(`${key} ${JSON.stringify(value)}`).not.toContain(token);
  });

  it('refuses a wrong password and an unknown account with the same words', async () => {
    await hub.person('ann@example.com');
    const connection = await hub.connect();
    const attempt = (email: string, password: string) =>
      connection.request('account/signIn', { email, password }).catch((error) => error);
    const wrong = await attempt('ann@example.com', 'not the password');
    const unknown = await attempt('bob@example.com', PASSWORD);
    expect(wrong).toMatchObject({ code: 'SIGN_IN_FAILED' });
    expect(unknown.toWire()).toEqual(wrong.toWire());
    await expect(connection.request('session/list', undefined)).rejects.toMatchObject({
      code: 'NOT_SIGNED_IN',
    });
  });

  it('lets nobody guess fast', async () => {
    await hub.person('ann@example.com');
    const connection = await hub.connect();
    const codes: string[] = [];
    for (let count = 0; count < 12; count++)
      await connection
        .request('account/signIn', { email: 'ann@example.com', password: `guess ${count}` })
        .catch(({ code }) => codes.push(code));
    expect(codes.slice(0, 10)).toEqual(Array(10).fill('SIGN_IN_FAILED'));
    expect(codes.slice(10)).toEqual(['TOO_MANY_ATTEMPTS', 'TOO_MANY_ATTEMPTS']);
    // Who goes on all the same does not fill the log.
    const told: unknown[] = [];
    for await (const { what, about } of hub.store.audit.list())
      if (what === 'signIn.limited') told.push(about.attempts);
    expect(told).toEqual([1]);
  });

  it('by bad tokens is slowed down, by good ones not', async () => {
    const few = await TestHub.start({ settings: { signInsPerAddress: 5 } });
    try {
      const ann = await few.newcomer('ann@example.com');
      const { token } = ann.me;
      const resume = (shown: string) =>
        ann.request('account/resume', { token: shown }).then(
          () => 'taken',
          ({ code }) => code,
        );
      for (let count = 0; count < 30; count++) expect(await resume(token)).toBe('taken');
      for (let count = 0; count < 20; count++) expect(await resume('x'.repeat(43))).toBe('SIGN_IN_EXPIRED');
      expect(await resume('x'.repeat(43))).toBe('TOO_MANY_ATTEMPTS');
      expect(await resume(token)).toBe('TOO_MANY_ATTEMPTS');
    } finally {
      await few.close();
    }
  });

  it('of an account that is gone is worth nothing at one made anew with the same address', async () => {
    const { accounts } = hub.hub.context;
    const old = await hub.newcomer('ann@example.com');
    await accounts.add({
      email: 'root@example.com',
      name: 'Root',
      mayHost: false,
      mayJoin: false,
      administrator: true,
    });
    await accounts.remove('ann@example.com');
    await hub.person('ann@example.com');
    await expect(
      (await hub.connect()).request('account/resume', { token: old.me.token }),
    ).rejects.toMatchObject({ code: 'SIGN_IN_EXPIRED' });
  });

  it('ends with sign-out, with a new password and with the account', async () => {
    const ann = await hub.newcomer('ann@example.com');
    const other = await hub.signIn('ann@example.com');
    const third = await hub.signIn('ann@example.com');
    const resume = async (token: string) =>
      (await hub.connect()).request('account/resume', { token }).then(
        () => 'taken',
        ({ code }) => code,
      );
    await other.request('account/signOut', undefined);
    expect(await resume(other.me.token)).toBe('SIGN_IN_EXPIRED');
    await ann.request('account/changePassword', { old: PASSWORD, new: 'another long password' });
    // Whoever changed it stays.
    expect(await ann.request('session/list', undefined)).toEqual([]);
    expect(await resume(ann.me.token)).toBe('taken');
    expect(await resume(third.me.token)).toBe('SIGN_IN_EXPIRED');
    await hub.hub.context.accounts.remove('ann@example.com');
    expect(await resume(ann.me.token)).toBe('SIGN_IN_EXPIRED');
  });

  it('is over after its time', async () => {
    const ann = await hub.newcomer('ann@example.com');
    hub.clock.offset += 31 * 24 * 60 * 60_000;
    await expect(ann.request('session/list', undefined)).rejects.toMatchObject({ code: 'SIGN_IN_EXPIRED' });
    const again = await hub.connect();
    await expect(again.request('account/resume', { token: ann.me.token })).rejects.toMatchObject({
      code: 'SIGN_IN_EXPIRED',
    });
  });
});

describe('a session', () => {
  it('streams to whoever joins, from the first entry, live', async () => {
    const ann = await hub.newcomer('ann@example.com', { mayHost: true });
    const bob = await hub.newcomer('bob@example.com');
    const { id, agent } = await hub.session(ann);
    expect(await agent.request('agent/append', { entries: entries(1, 5) })).toEqual({ last: 5 });
    const sent = await ann.request('invite/send', { session: id, emails: ['Bob@example.com'] });
    expect(sent).toMatchObject({ mailed: false, invited: [{ email: 'bob@example.com' }] });
    const [, token = ''] = /\/i\/(.+)$/.exec(sent.invited[0]?.link ?? '') ?? [];
    expect(await bob.request('session/list', undefined)).toEqual([]);
    const info = await bob.request('invite/accept', { token });
    expect(info).toMatchObject({ id, role: 'client', agent: true, last: 5, invited: [], state: 'open' });
    const came = collectEntries(bob, id);
    await bob.request('session/open', { session: id, after: 0, window: 1 << 20 });
    await expect.poll(() => came.length).toBe(5);
    for (let from = 6; from < 206; from += 20)
      await agent.request('agent/append', { entries: entries(from, from + 19) });
    await expect.poll(() => came.length).toBe(205);
    expect(came).toEqual(entries(1, 205));
    const [listed] = await ann.request('session/list', undefined);
    expect(listed).toMatchObject({
      role: 'host',
      agent: true,
      invited: [{ email: 'bob@example.com', name: 'bob', state: 'joined', present: true }],
    });
  });

  it('takes orders of the host only, and gives them to the agent in their order', async () => {
    const ann = await hub.newcomer('ann@example.com', { mayHost: true });
    const bob = await hub.newcomer('bob@example.com');
    const { id, agent, orders } = await hub.session(ann);
    const { invited } = await ann.request('invite/send', { session: id, emails: ['bob@example.com'] });
    await bob.request('invite/accept', { token: invited[0]?.link.split('/').at(-1) ?? '' });
    const texts = Array.from({ length: 50 }, (_, index) => Buffer.from(`order ${index}`).toString('base64'));
    await Promise.all(texts.map((sealed) => ann.request('session/order', { session: id, sealed })));
    expect(orders).toEqual(texts);
    await expect(bob.request('session/order', { session: id, sealed: 'AAAA' })).rejects.toMatchObject({
      code: 'HOST_ONLY',
    });
    await expect(bob.request('agent/append', { entries: entries(1, 1) })).rejects.toMatchObject({
      code: 'NOT_SIGNED_IN',
    });
    agent.close();
    await expect
      .poll(() => ann.request('session/order', { session: id, sealed: 'AAAA' }).catch(({ code }) => code))
      .toBe('SESSION_AGENT_AWAY');
    expect(orders.length).toBe(50);
  });

  it('is nobody else’s', async () => {
    const ann = await hub.newcomer('ann@example.com', { mayHost: true });
    const eve = await hub.newcomer('eve@example.com', { mayHost: true });
    const { id } = await hub.session(ann);
    const refused = { code: 'SESSION_NOT_FOUND' };
    await expect(eve.request('session/open', { session: id, after: 0, window: 1000 })).rejects.toMatchObject(
      refused,
    );
    await expect(eve.request('session/read', { session: id, from: 1, count: 1 })).rejects.toMatchObject(
      refused,
    );
    await expect(eve.request('session/order', { session: id, sealed: 'AAAA' })).rejects.toMatchObject(
      refused,
    );
    await expect(eve.request('session/terminate', { session: id })).rejects.toMatchObject(refused);
    await expect(eve.request('session/removeFromList', { session: id })).rejects.toMatchObject(refused);
    await expect(eve.request('invite/find', { session: id, email: 'eve@example.com' })).rejects.toMatchObject(
      refused,
    );
    await expect(
      eve.request('invite/send', { session: id, emails: ['eve@example.com'] }),
    ).rejects.toMatchObject(refused);
    expect(await eve.request('session/list', undefined)).toEqual([]);
  });

  it('is hosted by those who may', async () => {
    const bob = await hub.newcomer('bob@example.com');
    await expect(
      bob.request('session/create', { name: 'x', description: '', computer: 'c', direct: false }),
    ).rejects.toMatchObject({ code: 'NOT_ALLOWED', action: 'Ask at help@example.com.' });
  });
});
