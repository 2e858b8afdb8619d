import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { signInByBrowser } from '../../client/browser-sign-in.ts';
import { Browser, CLIENT, startProvider } from '../testing/identity-provider.ts';
import { TestHub } from '../testing/test-hub.ts';

const PEOPLE = {
  ann: { email: 'Ann@Example.com', verified: true },
  eve: { email: 'ann@example.com', verified: false },
  new: { email: 'new@example.com', verified: true },
  bare: { verified: true },
};

let provider: Awaited<ReturnType<typeof startProvider>>;
let hub: TestHub;

async function start(newcomersMayJoin = false): Promise<void> {
  provider = await startProvider(PEOPLE);
  hub = await TestHub.start({
    oidc: { issuer: provider.issuer, clientId: CLIENT.id, clientSecret: CLIENT.secret, newcomersMayJoin },
  });
  provider.serve(hub.hub.url);
}

beforeEach(() => start());
afterEach(async () => {
  await hub.close();
  await provider.close();
});

const through = async (login: string | null) => {
  const connection = await hub.connect();
  const browser = new Browser();
  let page = '';
  const signedIn = await signInByBrowser(connection, {
    // As a person would: the program waits meanwhile.
    show: (url) => void browser.signIn(url, login).then((text) => (page = text)),
    timeout: 60_000,
  }).catch((error) => error);
  return { connection, browser, signedIn, page: () => page };
};

describe('signing in by an OpenID Connect provider', () => {
  it('lets in whom the provider vouches for, by their verified address', async () => {
    await hub.hub.context.accounts.add({
      email: 'ann@example.com',
      name: 'Ann',
      mayHost: true,
      mayJoin: true,
      administrator: false,
    });
    const { connection, browser, signedIn } = await through('ann');
    expect(connection.facts?.signIn).toEqual(['password', 'oidc']);
    expect(signedIn).toMatchObject({ kind: 'person', account: { email: 'ann@example.com', signIn: 'oidc' } });
    expect(await connection.request('session/list', undefined)).toEqual([]);
    const first = new URL(browser.visited[0] ?? '');
    expect(first.searchParams.get('code_challenge_method')).toBe('S256');
    for (const name of ['state', 'nonce', 'code_challenge'])
      expect(first.searchParams.get(name)?.length).toBeGreaterThanOrEqual(43);
    // The hub's way back, then the program's own port: nowhere else is anything secret.
    expect(browser.visited.at(-1)).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\?code=[A-Z2-9]{12}$/);
  });

  it('refuses an address that the provider does not vouch for, and people without an account', async () => {
    await hub.person('ann@example.com');
    expect((await through('eve')).signedIn).toMatchObject({
      code: 'SIGN_IN_FAILED',
      message: expect.stringContaining('does not vouch'),
    });
    expect((await through('new')).signedIn).toMatchObject({
      code: 'SIGN_IN_FAILED',
      message: expect.stringContaining('no account new@example.com'),
    });
    expect((await through('bare')).signedIn).toMatchObject({ code: 'SIGN_IN_FAILED' });
    expect((await through(null)).signedIn).toMatchObject({
      code: 'SIGN_IN_FAILED',
      message: expect.stringContaining('aborted'),
    });
  });

  it('gives newcomers an account that may join, where that is switched on', async () => {
    await hub.close();
    await provider.close();
    await start(true);
    expect((await through('new')).signedIn).toMatchObject({
      account: { email: 'new@example.com', name: 'new', mayHost: false, mayJoin: true, administrator: false },
    });
  });

  it('without a port of the program’s own shows a code, which only counts with the ticket, once', async () => {
    await hub.person('ann@example.com');
    const [mine, other] = [await hub.connect(), await hub.connect()];
    const run = async () => {
      const { url, ticket } = await mine.request('account/oidcStart', {});
      const browser = new Browser();
      const page = await browser.signIn(url, 'ann');
      const [, code = ''] = /<code>([A-Z2-9]{12})<\/code>/.exec(page) ?? [];
      return { ticket, code, back: browser.visited.find((each) => each.includes('/oidc/callback')) ?? '' };
    };
    const first = await run();
    const refused = { code: 'SIGN_IN_FAILED' };
    await expect(
      other.request('account/oidcFinish', { ticket: first.ticket, code: 'AAAAAAAAAAAA' }),
    ).rejects.toMatchObject(refused);
    await expect(mine.request('account/oidcFinish', first)).rejects.toMatchObject(refused);
    const second = await run();
    expect(await mine.request('account/oidcFinish', second)).toMatchObject({ kind: 'person' });
    await expect(mine.request('account/oidcFinish', second)).rejects.toMatchObject(refused);
    // The way back, found in a history, is worth nothing.
    expect(await new Browser().signIn(second.back, null)).toContain('This sign-in is over');
    const kept: string[] = [];
    for await (const record of hub.store.records('tokens').list()) kept.push(JSON.stringify(record));
    expect(kept.join('\n')).not.toContain(second.ticket);
  });

  it('says so when the provider cannot be reached, and takes passwords all the same', async () => {
    await provider.close();
    const ann = await hub.newcomer('ann@example.com');
    await expect(ann.request('account/oidcStart', {})).rejects.toMatchObject({
      code: 'SIGN_IN_FAILED',
      message: expect.stringContaining('cannot be reached'),
    });
  });
});
