import { afterEach, beforeEach, expect, it } from 'vitest';
import { hostSession } from '../../hub/agent/launch.ts';
import { HostedView, type OpenedEntry } from '../../hub/client/hosted-view.ts';
import type { HubConnection } from '../../hub/client/hub-connection.ts';
import type { SessionKeys } from '../../hub/client/keys.ts';
import { makeFragment, makeLink, parseLink } from '../../hub/client/links.ts';
import { TestHub, testCertificate } from '../../hub/server/testing/test-hub.ts';
import { alive, ownFolders } from '../testing/hosting.ts';
import { ticker } from '../testing/programs.ts';

let folders: Awaited<ReturnType<typeof ownFolders>>;
let hub: TestHub;
beforeEach(async () => {
  folders = await ownFolders();
  hub = await TestHub.start();
});
afterEach(async () => {
  await hub.close();
  await folders.remove();
});

async function follow(connection: HubConnection, session: string, keys: SessionKeys) {
  const entries: OpenedEntry[] = [];
  const failures: string[] = [];
  const view = await HostedView.open({
    connection,
    session,
    keys,
    entries: (more) => void entries.push(...more),
    failed: ({ code }) => failures.push(code),
  });
  const text = () =>
    Buffer.concat(
      entries.flatMap(({ body }) => (body.type === 'output' ? [Buffer.from(body.data, 'base64')] : [])),
    ).toString();
  return { view, entries, failures, text };
}

it('a session from Host Session to its end, over a real hub', async () => {
  const host = await hub.newcomer('host@example.com', { mayHost: true });
  const guest = await hub.newcomer('guest@example.com');
  const { fingerprint } = await testCertificate();
  const { session, keys, pid } = await hostSession({
    connection: host,
    fingerprint,
    debugger: 'cdb',
    arguments: ticker(),
    name: 'A crash',
    description: 'to look at',
    version: 'test',
  });
  expect(session).toMatchObject({ name: 'A crash', direct: true, state: 'open', role: 'host' });
  const mine = await follow(host, session.id, keys);
  await expect.poll(mine.text, { timeout: 60_000 }).toMatch(/0:000> $/);

  // The link, as it comes by mail, and is pasted.
  const { invited } = await host.request('invite/send', {
    session: session.id,
    emails: ['guest@example.com'],
  });
  const link = makeLink(
    host.origin,
    new URL(invited[0]?.link ?? '').pathname.slice(3),
    makeFragment(keys, 'client'),
  );
  const { token, keys: theirs } = parseLink(link);
  await guest.request('invite/accept', { token });
  expect(theirs?.role).toBe('client');
  const guests = await follow(guest, session.id, theirs ?? keys);

  await mine.view.order({ type: 'input', text: '? 0n1234' });
  await expect.poll(guests.text, { timeout: 60_000 }).toMatch(/Evaluate expression: 1234 =[^>]+0:000> $/);
  expect(guests.view.mayOrder).toBe(false);

  // Closed, and opened again: from the first line on, and from where one was.
  const { seq } = mine.view;
  await mine.view.close();
  const again = await follow(host, session.id, keys);
  await expect.poll(() => again.entries.length).toBeGreaterThanOrEqual(seq);

  await host.request('session/terminate', { session: session.id });
  await expect.poll(() => alive(pid), { timeout: 60_000 }).toBe(false);
  const ended = async () =>
    (await host.request('session/list', undefined)).find(({ id }) => id === session.id);
  expect(await ended()).toMatchObject({ state: 'terminated', end: { by: 'menu' } });
  const last = (await ended())?.last ?? 0;
  for (const each of [guests, again]) {
    await expect.poll(() => each.entries.length).toBe(last);
    expect(each.failures).toEqual([]);
  }
  expect(guests.entries).toEqual(again.entries);
  expect(guests.entries.at(-1)?.body).toEqual({ type: 'notice', text: 'Session terminated: by the host.' });
  // What the hub keeps says nothing to who reads it.
  const kept = await hub.store.histories.read(session.id, 1, 1000, 1 << 24);
  expect(kept).toHaveLength(last);
  for (const { sealed } of kept)
    expect(Buffer.from(sealed, 'base64').toString('latin1')).not.toMatch(/ticker|1234/);
});

it('a debugger’s own end is told to a real hub', async () => {
  const host = await hub.newcomer('host@example.com', { mayHost: true });
  const { fingerprint } = await testCertificate();
  const { session, pid } = await hostSession({
    connection: host,
    fingerprint,
    debugger: 'gdb',
    arguments: '-q -nx -batch -ex "print 6*7"',
    name: 'Short',
    description: '',
    version: 'test',
  });
  await expect.poll(() => alive(pid), { timeout: 60_000 }).toBe(false);
  const [info] = await host.request('session/list', undefined);
  expect(info).toMatchObject({
    id: session.id,
    state: 'terminated',
    end: { by: 'debugger', detail: 'exit status 0' },
  });
});
