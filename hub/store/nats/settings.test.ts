import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { testCertificate } from '../../server/testing/test-hub.ts';
import { natsSettings, natsSettingsFromFile, natsSettingsFromOptions } from './settings.ts';
import { openNatsStore } from './store.ts';
import { NatsCluster } from './testing/cluster.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hawser-nats-settings-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function file(name: string, text: string, mode = 0o600): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  await chmod(path, mode);
  return path;
}

describe('the settings for NATS', () => {
  it('are read from a file, secrets from files beside it', async () => {
    const passwordFile = await file('password', 'se cret\n');
    const name = await file(
      'nats.json',
      JSON.stringify({ servers: ['nats://a:4222', 'tls://b:4222'], user: 'hub', passwordFile, shards: 4 }),
    );
    expect(natsSettingsFromFile(name)).toEqual({
      servers: ['nats://a:4222', 'tls://b:4222'],
      user: 'hub',
      password: 'se cret',
      shards: 4,
      tls: {},
    });
  });

  it('keep a secret only where nobody else can read it', async () => {
    const name = await file('nats.json', '{"servers":["nats://a:1"],"user":"u","password":"p"}', 0o644);
    expect(() => natsSettingsFromFile(name)).toThrow(expect.objectContaining({ code: 'HUB_SETTINGS' }));
    await chmod(name, 0o600);
    expect(natsSettingsFromFile(name)).toMatchObject({ user: 'u', password: 'p' });
  });

  it('refuse a secret on the command line, without repeating it', () => {
    const refused = () => natsSettingsFromOptions('nats://hub:topsecret@a:4222', {}, {});
    expect(refused).toThrow(expect.objectContaining({ code: 'HUB_SETTINGS' }));
    expect(refused).not.toThrow(/topsecret/);
    const env = { HAWSER_NATS_USER: 'hub', HAWSER_NATS_PASSWORD: 'p' };
    expect(natsSettingsFromOptions('nats://a:4222', {}, env)).toMatchObject({ user: 'hub', password: 'p' });
  });

  it.each(['{', '{"servers":[]}', '{"servers":["http://a"]}', '{"servers":["nats://a"],"shardz":3}'])(
    'refuse %s',
    async (text) => {
      const name = await file('nats.json', text);
      expect(() => natsSettingsFromFile(name)).toThrow(expect.objectContaining({ code: 'HUB_SETTINGS' }));
    },
  );
});

describe('reaching NATS', () => {
  it('tells a server that is not there from one that refuses', async () => {
    const away = openNatsStore({ servers: ['nats://127.0.0.1:1'], patience: 300 });
    await expect(away).rejects.toMatchObject({
      code: 'STORE_UNREACHABLE',
      data: { servers: ['nats://127.0.0.1:1'] },
    });
  });

  it('signs in with user and password, over TLS that it checks', async () => {
    const { cert, key } = await testCertificate();
    const [certFile, keyFile] = [await file('cert.pem', cert), await file('key.pem', key)];
    const more = `authorization { user: "hub", password: "right" }
tls { cert_file: "${certFile}", key_file: "${keyFile}" }`;
    const cluster = await NatsCluster.start(1, more);
    try {
      const urls = cluster.urls.map((url) => url.replace('nats://127.0.0.1', 'tls://localhost'));
      const rest = { user: 'hub', tls: { ca: cert }, shards: 1, patience: 5000 };
      const store = await openNatsStore(natsSettings('test', urls, { ...rest, password: 'right' }));
      expect(await store.records('accounts').put('k', 1)).toBeTypeOf('number');
      await store.close();
      const wrong = openNatsStore(natsSettings('test', urls, { ...rest, password: 'wrong' }));
      await expect(wrong).rejects.toMatchObject({
        code: 'STORE_UNREACHABLE',
        message: expect.stringMatching(/refused/),
      });
      const unchecked = openNatsStore(natsSettings('test', urls, { ...rest, password: 'right', tls: {} }));
      await expect(unchecked).rejects.toMatchObject({
        code: 'STORE_UNREACHABLE',
        message: expect.stringMatching(/No TLS/),
      });
    } finally {
      await cluster.dispose();
    }
  });
});
