import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { registerServer } from '../../transports/directory/index.ts';
import { isAnnouncing } from '../../transports/directory/mdns/announcer.ts';
import { usePrivatePort } from '../../transports/directory/testing/port.ts';
import { Browse } from './browse.ts';
import { SettingsStore } from './stores/settings.ts';

let folder = '';
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hawser-browse-'));
  await usePrivatePort();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const settings = () => new SettingsStore(join(folder, 'settings.json'), { warn: () => {} });

test('a machine that could be asked is remembered once, by its name, the last one first', async () => {
  const registered = registerServer({
    server: {
      kind: 'debugger',
      connection: 'tcp:Port=53:60,Password=*',
      user: 'ann',
      program: 'hawser',
      started: 1,
      reach: 'network',
    },
  });
  await registered.settled;
  const browse = new Browse(settings());
  const expected = {
    connection: 'tcp:Port=53:60,Password=*',
    connect: 'tcp:Port=53,Server=LocalHost,Password=*',
    answering: true,
  };
  expect(await browse.list('\\\\LocalHost')).toMatchObject([expected]);
  await browse.list('127.0.0.1');
  await browse.list('localhost');
  await expect(browse.list('nowhere.invalid')).rejects.toMatchObject({ code: 'HOST_NOT_FOUND' });
  expect(new Browse(settings()).known.asked).toEqual(['localhost', '127.0.0.1']);
  await registered.close();
});

test('asking again, or cancelling, ends what was asked before', async () => {
  const browse = new Browse(settings());
  const first = browse.list('nowhere.invalid');
  browse.cancel();
  await expect(first).rejects.toMatchObject({ code: expect.stringMatching(/CANCELLED|HOST_NOT_FOUND/) });
  expect(browse.known.asked).toEqual([]);
});

test('nothing is sent to the network, nor announced, unless that is turned on', async () => {
  const browse = new Browse(settings());
  expect([browse.known.announced, isAnnouncing()]).toEqual([false, false]);
  expect(await browse.found()).toEqual([]);
  browse.announce(true);
  expect([new Browse(settings()).known.announced, isAnnouncing()]).toEqual([true, true]);
  browse.announce(false);
  expect([new Browse(settings()).known.announced, isAnnouncing()]).toEqual([false, false]);
});
