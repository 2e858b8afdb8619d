import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hubOrigin } from './address.ts';
import { SessionKeyStore } from './key-store.ts';
import { clientKeysOf, createHostKeys } from './keys.ts';
import { makeFragment, makeLink, parseFragment, parseLink } from './links.ts';

const host = createHostKeys();
const TOKEN = 'dGhpcyBpcyBhIHRva2Vu';

describe('invitation links', () => {
  it.each(['host', 'client'] as const)('carry the keys of a %s', (role) => {
    const link = makeLink('https://hub.test:8443', TOKEN, makeFragment(host, role));
    expect(link).toMatch(/^https:\/\/hub\.test:8443\/i\/[\w-]+#1[hc][\w-]{91}$/);
    expect(parseLink(link)).toEqual({
      hub: 'https://hub.test:8443',
      token: TOKEN,
      keys: role === 'host' ? host : clientKeysOf(host),
    });
  });

  it('give clients nothing of the host’s', () => {
    const fragment = makeFragment(host, 'client');
    expect(Buffer.from(fragment.slice(2), 'base64url').includes(host.hostSecret)).toBe(false);
    expect(() => makeFragment(clientKeysOf(host), 'host')).toThrow(
      expect.objectContaining({ code: 'HOST_KEYS_NEEDED' }),
    );
  });

  it('survive what mail programs do to them', () => {
    const link = makeLink('https://hub.test', TOKEN, makeFragment(host));
    expect(parseLink(`  <${link.slice(0, 50)}\r\n  ${link.slice(50)}>\n`).keys).toEqual(host);
  });

  it('may have no key', () => {
    expect(parseLink(`https://hub.test/i/${TOKEN}`).keys).toBeNull();
  });

  const whole = makeLink('https://hub.test', TOKEN, makeFragment(host));
  it.each([
    ['nothing', ''],
    ['words', 'see you there'],
    ['another page', 'https://hub.test/'],
    ['http', whole.replace('https', 'http')],
    ['half a key', whole.slice(0, -1)],
    ['a changed key', whole.replace(/.$/, (last) => (last === 'A' ? 'Q' : 'A'))],
    ['a key of another kind', whole.replace('#1h', '#1c')],
    ['a newer version', whole.replace('#1h', '#2h')],
    ['a short token', 'https://hub.test/i/abc'],
  ])('are refused when they are %s', (_what, text) => {
    expect(() => parseLink(text)).toThrow(expect.objectContaining({ code: 'BAD_INVITATION_LINK' }));
  });

  it('tell a newer version from a broken link', () => {
    expect(() => parseFragment(`2h${'A'.repeat(91)}`)).toThrow(/newer version/);
  });
});

describe('addresses of hubs', () => {
  it.each([
    ['hub.test', 'https://hub.test'],
    ['hub.test:8443', 'https://hub.test:8443'],
    [' https://Hub.Test:443/some/page ', 'https://hub.test'],
    ['[::1]:8443', 'https://[::1]:8443'],
  ])('%s', (text, origin) => {
    expect(hubOrigin(text)).toBe(origin);
  });

  it.each(['', 'http://hub.test', 'ftp://hub.test', 'https://me:secret@hub.test', 'a b', 'https://'])(
    'not %s',
    (text) => {
      expect(() => hubOrigin(text)).toThrow(expect.objectContaining({ code: 'HUB_ADDRESS' }));
    },
  );
});

describe('keys that a person holds', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'hawser-keys-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('are kept by hub and session, for their owner only', async () => {
    const store = new SessionKeyStore(join(folder, 'keys'));
    await store.put('https://a.test', 's1', host);
    await store.put('https://b.test', 's1', clientKeysOf(createHostKeys()));
    expect(await store.get('https://a.test', 's1')).toEqual(host);
    expect(await store.get('https://a.test', 's2')).toBeNull();
    const files = readdirSync(join(folder, 'keys'));
    expect(files).toHaveLength(2);
    expect(statSync(join(folder, 'keys')).mode & 0o777).toBe(0o700);
    for (const file of files) expect(statSync(join(folder, 'keys', file)).mode & 0o777).toBe(0o600);
    await store.remove('https://a.test', 's1');
    expect(await store.get('https://a.test', 's1')).toBeNull();
  });

  it('keep the host’s when a client’s link is pasted, and take those of another session', async () => {
    const store = new SessionKeyStore(folder);
    await store.put('https://a.test', 's1', host);
    expect(await store.put('https://a.test', 's1', clientKeysOf(host))).toEqual(host);
    const other = clientKeysOf(createHostKeys());
    expect(await store.put('https://a.test', 's1', other)).toEqual(other);
  });

  it('are not used when others may read them', async () => {
    const store = new SessionKeyStore(folder);
    await store.put('https://a.test', 's1', host);
    chmodSync(join(folder, readdirSync(folder)[0] ?? ''), 0o644);
    await expect(store.get('https://a.test', 's1')).rejects.toMatchObject({ code: 'SESSION_KEY_STORE' });
  });
});
