import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { HubConnection } from '../client/hub-connection.ts';
import { openNatsStore } from '../store/nats/store.ts';
import { NatsCluster } from '../store/nats/testing/cluster.ts';
import type { AuditEvent } from './audit.ts';
import { collectEntries, entries, TestHub } from './testing/test-hub.ts';

const tokenOf = (link: string | undefined) => link?.split('/').at(-1) ?? '';

async function joined(hub: TestHub, host: HubConnection, guest: HubConnection) {
  const made = await hub.session(host);
  const { invited } = await host.request('invite/send', { session: made.id, emails: ['bob@example.com'] });
  await guest.request('invite/accept', { token: tokenOf(invited[0]?.link) });
  return made;
}

describe('opening a session', () => {
  let hub: TestHub;
  let ann: HubConnection;
  let bob: HubConnection;
  beforeEach(async () => {
    hub = await TestHub.start();
    ann = await hub.newcomer('ann@example.com', { mayHost: true });
    bob = await hub.newcomer('bob@example.com');
  });
  afterEach(() => hub.close());

  /** Lets something happen in the middle of a request, when it is written down. */
  function inTheMiddleOf(event: AuditEvent, happens: () => Promise<unknown>): void {
    const { audit } = hub.hub.context;
    const write = audit.write.bind(audit);
    audit.write = async (...args) => {
      await write(...args);
      if (args[1] === event) await happens();
    };
  }

  it('while one is removed from it lets nobody slip in', async () => {
    const { id: session, agent } = await joined(hub, ann, bob);
    inTheMiddleOf('session.open', () => ann.request('invite/remove', { session, email: 'bob@example.com' }));
    const came = collectEntries(bob, session);
    await expect(bob.request('session/open', { session, after: 0, window: 1 << 20 })).rejects.toMatchObject({
      code: 'SESSION_NOT_FOUND',
    });
    await agent.request('agent/append', { entries: entries(1, 3) });
    expect(await hub.store.presence.list('person.')).toEqual([]);
    // Whatever was on its way would be there before this answer.
    await bob.request('session/list', undefined);
    expect(came).toEqual([]);
  });

  it('while the connection ends leaves nothing behind', async () => {
    const { id: session } = await joined(hub, ann, bob);
    const before = hub.hub.connections;
    let over: () => void = () => {};
    const inMiddle = new Promise<void>((resolve) => {
      over = resolve;
    });
    inTheMiddleOf('session.open', async () => {
      bob.close();
      await expect.poll(() => hub.hub.connections).toBe(before - 1);
      over();
    });
    await bob.request('session/open', { session, after: 0, window: 1 << 20 }).catch(() => undefined);
    await inMiddle;
    // The same answered to somebody else, after it.
    await ann.request('session/open', { session, after: 0, window: 1 << 20 });
    await expect
      .poll(async () => (await hub.store.presence.list('person.')).map(([, email]) => email))
      .toEqual(['ann@example.com']);
  });
});

describe('an invitation that is used at two hubs at the same moment', () => {
  let cluster: NatsCluster;
  beforeAll(async () => {
    cluster = await NatsCluster.start(1);
  });
  afterAll(() => cluster.dispose());

  it('lets in one', async () => {
    const stores = await Promise.all(
      [1, 2].map(() => openNatsStore({ servers: cluster.urls, prefix: 'races', shards: 1 })),
    );
    const hubs = await Promise.all(stores.map((store) => TestHub.start({ store })));
    try {
      const [one, two] = hubs as [TestHub, TestHub];
      const ann = await one.newcomer('ann@example.com', { mayHost: true });
      const people = [await one.newcomer('bob@example.com'), await two.signIn('bob@example.com')];
      const made = await Promise.all([1, 2, 3].map((number) => one.session(ann, `Session ${number}`)));
      for (const { id: session } of made) {
        const { invited } = await ann.request('invite/send', { session, emails: ['bob@example.com'] });
        const token = tokenOf(invited[0]?.link);
        const codes = await Promise.all(
          people.map((person) =>
            person.request('invite/accept', { token }).then(
              () => 'taken',
              ({ code }) => code,
            ),
          ),
        );
        expect(codes.sort()).toEqual(['INVITATION_USED', 'taken']);
      }
    } finally {
      for (const hub of hubs) await hub.close();
    }
  });
});
