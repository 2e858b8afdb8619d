import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HostedView, type HostedViewOptions, type OpenedEntry } from './hosted-view.ts';
import { HubConnection, type HubLinkState } from './hub-connection.ts';
import { clientKeysOf, createHostKeys } from './keys.ts';
import { EntrySealer, OrderOpener } from './seal.ts';
import { StandInHub } from './testing/stand-in-hub.ts';

let hub: StandInHub;
const made: { close(): unknown }[] = [];
const host = createHostKeys();

beforeEach(async () => {
  hub = await StandInHub.start();
});
afterEach(async () => {
  for (const each of made.splice(0)) await each.close();
  await hub.close();
});

const options = () => ({ address: hub.address, fingerprint: hub.fingerprint, program: 'test' });

async function connect(token?: string): Promise<HubConnection> {
  const connection = await HubConnection.open({ ...options(), token });
  made.push(connection);
  return connection;
}

const state = (connection: HubConnection, wanted: HubLinkState['state']) =>
  expect.poll(() => connection.state.state).toBe(wanted);

describe('a connection to a hub', () => {
  it('asks a person about a certificate that nobody vouches for, and takes the one that was accepted', async () => {
    const { fingerprint, ...without } = options();
    await expect(HubConnection.open(without)).rejects.toMatchObject({
      code: 'HUB_CERTIFICATE_UNTRUSTED',
      data: {
        why: 'it is signed by itself, by no authority',
        certificate: { fingerprint, subject: expect.stringContaining('localhost') },
      },
    });
    const connection = await connect();
    expect(connection.facts).toMatchObject({ name: 'Stand-in' });
    const other = fingerprint.replace(/^../, (byte) => (byte === '00' ? '01' : '00'));
    await expect(HubConnection.open({ ...without, fingerprint: other })).rejects.toMatchObject({
      code: 'HUB_CERTIFICATE_CHANGED',
      data: { accepted: other, certificate: { fingerprint } },
    });
  });

  it('says what is wrong with what it finds', async () => {
    hub.version = 9;
    await expect(HubConnection.open(options())).rejects.toMatchObject({
      code: 'HUB_VERSION_MISMATCH',
      data: { theirs: 9 },
    });
    const chatty = createServer((socket) =>
      socket
        .on('error', () => undefined)
        .resume()
        .end('220 mail ready\r\n'),
    );
    await new Promise<void>((resolve) => chatty.listen(0, '127.0.0.1', resolve));
    const { port } = chatty.address() as AddressInfo;
    const there = { ...options(), address: `127.0.0.1:${port}` };
    await expect(HubConnection.open(there)).rejects.toMatchObject({ code: 'NOT_A_HUB' });
    await new Promise((resolve) => chatty.close(resolve));
    await expect(HubConnection.open(there)).rejects.toMatchObject({ code: 'CONNECTION_REFUSED' });
  });

  it('can be given up while a server keeps silent', async () => {
    const mute = createServer((socket) => socket.on('error', () => undefined));
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
    const cancel = new AbortController();
    const { port } = mute.address() as AddressInfo;
    const opening = HubConnection.open({ ...options(), address: `127.0.0.1:${port}` }, cancel.signal);
    setTimeout(() => cancel.abort(), 50);
    await expect(opening).rejects.toMatchObject({ code: 'CANCELLED' });
    mute.close();
  });

  it('ends every request: by its answer, in time, or when it is cancelled', async () => {
    const connection = await connect();
    hub.silent.add('session/list');
    await expect(connection.request('session/list', undefined, { timeout: 100 })).rejects.toMatchObject({
      code: 'HUB_TIMED_OUT',
    });
    const cancel = new AbortController();
    const asked = connection.request('session/list', undefined, { signal: cancel.signal });
    cancel.abort();
    await expect(asked).rejects.toMatchObject({ code: 'CANCELLED' });
    const last = connection.request('session/list', undefined);
    connection.close();
    await expect(last).rejects.toMatchObject({ code: 'CANCELLED' });
    await expect(connection.request('session/list', undefined)).rejects.toMatchObject({ code: 'CANCELLED' });
  });

  it('is made anew when it is lost, signed in again, and what was asked meanwhile is answered', async () => {
    const connection = await connect();
    await connection.request('account/signIn', { email: 'a@b.test', password: 'x' });
    const states: string[] = [];
    connection.onState(({ state }) => states.push(state));
    hub.goAway();
    await state(connection, 'lost');
    const asked = connection.request('account/changePassword', { old: 'a', new: 'b' });
    hub.comeBack();
    await expect(asked).resolves.toBeNull();
    expect(states).toContain('up');
    expect(connection.state).toMatchObject({ state: 'up', signedIn: { kind: 'person' } });
  });

  it('does not ask twice what may be done once', async () => {
    const connection = await connect();
    hub.silent.add('session/create').add('session/terminate');
    const create = { name: '', description: '', computer: '', direct: false };
    const once = connection.request('session/create', create);
    const repeatable = connection.request('session/terminate', { session: 's' });
    once.catch(() => undefined);
    await new Promise((later) => setTimeout(later, 100));
    hub.silent.clear();
    hub.cut();
    await expect(once).rejects.toMatchObject({ code: 'LINK_LOST' });
    await expect(repeatable).resolves.toMatchObject({ id: hub.session.id });
  });

  it('tells when its token is not taken any more, and tries on when that may pass', async () => {
    const connection = await connect('old-token');
    hub.refuseTokens = 'STORE_BUSY';
    hub.cut();
    await state(connection, 'lost');
    await expect
      .poll(() => (connection.state as { error?: Error }).error)
      .toMatchObject({ code: 'STORE_BUSY' });
    hub.refuseTokens = 'SIGN_IN_EXPIRED';
    await state(connection, 'up');
    expect(connection.state).toMatchObject({ signedIn: null, refused: { code: 'SIGN_IN_EXPIRED' } });
  });
});

describe('a view of a hosted session', () => {
  const sealed = (count: number, from = 1) => {
    const sealer = new EntrySealer(hub.session.id, host);
    for (let seq = from; seq < from + count; seq++)
      hub.history.push(sealer.seal(seq, seq, { type: 'command', text: `line ${seq}` }));
  };

  async function follow(more: Partial<HostedViewOptions> = {}) {
    const connection = await connect('person-token');
    const seen: OpenedEntry[] = [];
    const failures: string[] = [];
    const view = await HostedView.open({
      connection,
      session: hub.session.id,
      keys: clientKeysOf(host),
      entries: (entries) => void seen.push(...entries),
      failed: ({ code }) => failures.push(code),
      ...more,
    });
    return { connection, view, seen, failures };
  }
  const numbers = (seen: readonly OpenedEntry[]) => seen.map(({ seq }) => seq);
  const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

  it('shows everything from the first entry, and what comes', async () => {
    sealed(25);
    const { seen, view } = await follow();
    await expect.poll(() => seen.length).toBe(25);
    expect(seen[4]).toEqual({ seq: 5, at: 5, body: { type: 'command', text: 'line 5' } });
    expect(view.info.last).toBe(25);
    await view.close();
  });

  it('goes on behind what it had, through lost links and hubs that were away', async () => {
    sealed(500);
    const { seen, failures } = await follow({ after: 0, window: 2000 });
    await expect.poll(() => seen.length).toBeGreaterThan(10);
    hub.cut();
    await expect.poll(() => seen.length, { timeout: 60_000 }).toBe(500);
    hub.goAway();
    sealed(10, 501);
    hub.comeBack();
    await expect.poll(() => seen.length, { timeout: 60_000 }).toBe(510);
    expect(numbers(seen)).toEqual(upTo(510));
    expect(hub.opens[0]).toBe(0);
    expect(hub.opens.at(-1)).toBe(500);
    expect(failures).toEqual([]);
  });

  it('is as slow as who reads, and holds no more than its window meanwhile', async () => {
    sealed(400);
    let go = () => {};
    const gate = new Promise<void>((resolve) => {
      go = resolve;
    });
    const seen: OpenedEntry[] = [];
    const size = hub.history[0]?.sealed.length ?? 0;
    await follow({
      window: 20 * size,
      entries: async (entries) => {
        await gate;
        seen.push(...entries);
      },
    });
    await new Promise((later) => setTimeout(later, 300));
    expect(seen).toEqual([]);
    go();
    await expect.poll(() => seen.length).toBe(400);
    expect(numbers(seen)).toEqual(upTo(400));
  });

  it('asks once for what was left out, and then says so', async () => {
    sealed(30);
    let faults = 1;
    hub.forge = (entries) => (faults-- > 0 ? entries.filter(({ seq }) => seq !== 4) : entries);
    const first = await follow();
    await expect.poll(() => first.seen.length).toBe(30);
    hub.forge = (entries) => entries.filter(({ seq }) => seq !== 4);
    const second = await follow();
    await expect.poll(() => second.failures).toEqual(['HISTORY_LEFT_OUT']);
    expect(numbers(second.seen)).toEqual([1, 2, 3]);
  });

  it('shows nothing from where the history was changed on', async () => {
    sealed(30);
    const other = new EntrySealer(hub.session.id, createHostKeys());
    hub.forge = (entries) =>
      entries.map((entry) =>
        entry.seq === 7 ? other.seal(7, 7, { type: 'command', text: 'forged' }) : entry,
      );
    const { seen, failures } = await follow();
    await expect.poll(() => failures).toEqual(['SEAL_BROKEN']);
    expect(numbers(seen)).toEqual(upTo(6));
  });

  it('gives the host’s orders, and a client’s not', async () => {
    const agent = await HubConnection.open({
      ...options(),
      token: 'agent-token',
      takeOrder: ({ sealed }) => taken.push(new OrderOpener(hub.session.id, host).open(sealed)),
    });
    made.push(agent);
    const taken: object[] = [];
    const { view } = await follow({ keys: host });
    await view.order({ type: 'input', text: 'k' });
    expect(taken).toMatchObject([{ type: 'input', text: 'k' }]);
    const client = await follow();
    await expect(client.view.order({ type: 'break' })).rejects.toMatchObject({ code: 'HOST_KEYS_NEEDED' });
    agent.close();
    await expect
      .poll(() => view.order({ type: 'break' }).catch(({ code }: { code: string }) => code))
      .toBe('SESSION_AGENT_AWAY');
  });
});
