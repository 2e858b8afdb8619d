import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { codeOf } from '../gdb/testing/backend.ts';
import { createImageStore } from './image-store.ts';
import type { ImageStore, ImageStoreOptions } from './store.ts';
import { buildIdOf, debugOf, library } from './testing/elf.ts';
import { FolderMachine } from './testing/machine.ts';
import { type Answer, sendFile, serveFolder, type TestServer } from './testing/symbol-server.ts';

const NAME = '/opt/app/libAnswer.so';

let home = '';
let machine: FolderMachine;
let id = '';
const servers: TestServer[] = [];
const stores: ImageStore[] = [];

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'hawser-servers-'));
  machine = new FolderMachine(join(home, 'remote'));
  await put(library(1), join(home, 'remote', NAME));
  id = await buildIdOf(library(1));
});

afterEach(async () => {
  await Promise.all(stores.splice(0).map((store) => store.dispose()));
  await Promise.all(servers.splice(0).map((server) => server.close()));
  await rm(home, { recursive: true, force: true });
});

async function put(from: string, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await copyFile(from, path);
}

function open(env: NodeJS.ProcessEnv = {}, options: ImageStoreOptions = {}): ImageStore {
  const store = createImageStore({
    env: { XDG_CACHE_HOME: join(home, 'cache'), HOME: home, ...env },
    ...options,
  });
  stores.push(store);
  return store;
}

/** A server of debuginfod's kind that has the library's program and debug information, or nothing. */
async function debuginfod(has = true, answer: Answer | null = null): Promise<TestServer> {
  const folder = await mkdtemp(join(home, 'server-'));
  if (has) {
    await put(library(1), join(folder, 'buildid', id, 'executable'));
    await put(debugOf(library(1)), join(folder, 'buildid', id, 'debuginfo'));
  }
  const server = await serveFolder(folder);
  server.answer = answer;
  servers.push(server);
  return server;
}

const urls = (...those: readonly TestServer[]) => ({
  DEBUGINFOD_URLS: those.map(({ url }) => url).join(' '),
});

function watched() {
  const abort = new AbortController();
  const seen: [number, number | null][] = [];
  const places: string[] = [];
  return {
    abort,
    seen,
    places,
    options: {
      signal: abort.signal,
      progress: (done: number, total: number | null) => void seen.push([done, total]),
      from: (place: string) => void places.push(place),
    },
  };
}

async function fetchImage(store: ImageStore) {
  const asked = watched();
  const image = await machine.image(NAME);
  const path = await store.fetch(image, {
    machine,
    machineName: machine.host,
    pid: null,
    ...asked.options,
  });
  return { path, image, ...asked };
}

const same = async (one: string, other: string) => (await readFile(one)).equals(await readFile(other));

describe('a debuginfod server', () => {
  it('is asked for a program before the target is, and once', async () => {
    const server = await debuginfod();
    const store = open(urls(server));
    const { path, image, places, seen } = await fetchImage(store);
    expect(await same(path, library(1))).toBe(true);
    expect(machine.reads).toEqual([]);
    expect(places).toEqual([server.host]);
    expect(seen.at(-1)).toEqual([image.size, image.size]);
    expect((await fetchImage(open(urls(server)))).path).toBe(path);
    expect(server.asked.map((each) => each.path)).toEqual([`/buildid/${id}/executable`]);
  });

  it('is asked for debug information, which GDB finds in the cache by build id', async () => {
    const server = await debuginfod();
    const store = open({}, { symbolPath: [`DebugInfoD*${server.url}`] });
    expect(await store.findDebug(id)).toBe(null);
    const asked = watched();
    const path = (await store.fetchDebug(id, asked.options)) as string;
    expect(await same(path, debugOf(library(1)))).toBe(true);
    const folder = store.debugFolders.at(-1) ?? '';
    expect(path).toBe(join(folder, '.build-id', id.slice(0, 2), `${id.slice(2)}.debug`));
    expect(await open().findDebug(id)).toBe(path);
    expect(asked.places).toEqual([server.host]);
  });

  it('is not asked when none is configured', async () => {
    const server = await debuginfod();
    const store = open();
    expect(await store.fetchDebug(id, watched().options)).toBe(null);
    expect((await fetchImage(store)).places).toEqual(['birch']);
    store.symbolPath = [`DebugInfoD*${server.url}`];
    expect(await store.fetchDebug(id, watched().options)).not.toBe(null);
    expect(server.asked).toHaveLength(1);
  });

  it('of the symbol path comes before those of the environment, and what one lacks the next is asked for', async () => {
    const [lacks, has] = [await debuginfod(false), await debuginfod()];
    const store = open(urls(has), { symbolPath: [`DebugInfoD*${lacks.url}`] });
    const { places } = await fetchImage(store);
    expect(places).toEqual([has.host]);
    expect(lacks.asked).toHaveLength(1);
  });

  it('that lacks a file is not asked for it again at once', async () => {
    const lacks = await debuginfod(false);
    const store = open(urls(lacks));
    expect(await store.fetchDebug(id, watched().options)).toBe(null);
    expect(await store.fetchDebug(id, watched().options)).toBe(null);
    expect(lacks.asked).toHaveLength(1);
  });

  it.each<[string, Answer]>([
    ['sends another file', (_request, response) => sendFile(library(2), response)],
    ['sends debug information instead', (_request, response) => sendFile(debugOf(library(1)), response)],
    ['sends a page', (_request, response) => void response.end('<html>Log in first</html>')],
    ['fails', (_request, response) => void response.writeHead(500).end()],
    ['wants a password', (_request, response) => void response.writeHead(401).end()],
    ['finds it too large', (_request, response) => void response.writeHead(406).end()],
    [
      'says that it is huge',
      (_request, response) => void response.writeHead(200, { 'content-length': '1e15' }).end(),
    ],
    [
      'says how huge it is',
      (_request, response) => void response.writeHead(200, { 'content-length': `${2 ** 33}` }).flushHeaders(),
    ],
    [
      'breaks off in the middle',
      (_request, response) => {
        response.writeHead(200, { 'content-length': '65536' });
        response.write(Buffer.alloc(30_000), () => response.destroy());
      },
    ],
    [
      'redirects to itself',
      (request, response) => void response.writeHead(302, { location: request.url }).end(),
    ],
    [
      'redirects to a file',
      (_request, response) => void response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
    ],
    [
      'redirects nowhere',
      (_request, response) => void response.writeHead(302, { location: 'http://' }).end(),
    ],
    ['speaks something else', (request) => void request.socket.end('220 mail.example ESMTP\r\n')],
  ])('that %s does no harm: the next source is asked', async (_what, answer) => {
    const bad = await debuginfod(true, answer);
    const good = await debuginfod();
    const { path, places } = await fetchImage(open(urls(bad, good)));
    expect(await same(path, library(1))).toBe(true);
    expect(places.at(-1)).toBe(good.host);
    const kept = await readdir(join(home, 'cache/hawser/images/partial')).catch(() => []);
    expect(kept).toEqual([]);
    await rm(join(home, 'cache'), { recursive: true });
    const alone = await fetchImage(open(urls(bad)));
    expect(await same(alone.path, library(1))).toBe(true);
    expect(alone.places.at(-1)).toBe('birch');
  });

  it('that cannot be asked is said, and then left alone', async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
    const { port } = closed.address() as { port: number };
    await new Promise((resolve) => closed.close(resolve));
    const store = open({ DEBUGINFOD_URLS: `http://127.0.0.1:${port}` });
    expect(await codeOf(store.fetchDebug(id, watched().options))).toBe('DEBUGINFOD_FAILED');
    expect(await store.fetchDebug(id, watched().options)).toBe(null);
    expect((await fetchImage(store)).places).toEqual(['birch']);
  });

  it('that falls silent is given up after DEBUGINFOD_TIMEOUT, before its answer and within', async () => {
    const mute = await debuginfod(true, () => {});
    const stuck = await debuginfod(true, (_request, response) => {
      response.writeHead(200, { 'content-length': '65536' }).write(Buffer.alloc(1000));
    });
    for (const server of [mute, stuck]) {
      const store = open({ ...urls(server), DEBUGINFOD_TIMEOUT: '1' });
      expect(await codeOf(store.fetchDebug(id, watched().options))).toBe('DEBUGINFOD_FAILED');
    }
  });

  it('that takes longer than DEBUGINFOD_MAXTIME is given up, however busy it is', async () => {
    const slow = await debuginfod(true, (_request, response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write('x'), 20);
      response.on('close', () => clearInterval(timer));
    });
    const store = open({ ...urls(slow), DEBUGINFOD_MAXTIME: '1' });
    expect(await codeOf(store.fetchDebug(id, watched().options))).toBe('DEBUGINFOD_FAILED');
  });

  it('may send no more than DEBUGINFOD_MAXSIZE, compressed or not, and is told so', async () => {
    const { size } = await stat(debugOf(library(1)));
    const gzip: Answer = (_request, response) => {
      sendFile(debugOf(library(1)), response, true);
    };
    const unsaid: Answer = async (_request, response) => {
      response.writeHead(200).end(await readFile(debugOf(library(1))));
    };
    for (const answer of [null, gzip, unsaid]) {
      const server = await debuginfod(true, answer);
      const small = open({ ...urls(server), DEBUGINFOD_MAXSIZE: `${size - 1}` });
      expect(await codeOf(small.fetchDebug(id, watched().options))).toBe('FILE_TOO_LARGE');
      expect(server.asked[0]?.headers['x-debuginfod-maxsize']).toBe(`${size - 1}`);
    }
  });

  it('may compress', async () => {
    const server = await debuginfod(true, (_request, response) =>
      sendFile(debugOf(library(1)), response, true),
    );
    const asked = watched();
    const path = (await open(urls(server)).fetchDebug(id, asked.options)) as string;
    expect(await same(path, debugOf(library(1)))).toBe(true);
    const { size } = await stat(path);
    expect(asked.seen.at(-1)).toEqual([size, size]);
  });

  it('may redirect to another one, which is not told the password', async () => {
    const other = await debuginfod();
    const first = await debuginfod(true, (request, response) => {
      response.writeHead(307, { location: `${other.url}${request.url}` }).end();
    });
    const store = open({ DEBUGINFOD_URLS: first.url.replace('//', '//me:secret@') });
    expect(await store.fetchDebug(id, watched().options)).not.toBe(null);
    const expected = `Basic ${Buffer.from('me:secret').toString('base64')}`;
    expect(first.asked[0]?.headers.authorization).toBe(expected);
    expect(other.asked[0]?.headers.authorization).toBe(undefined);
  });

  it('is hung up on by Cancel', async () => {
    let closed = () => {};
    const gone = new Promise<void>((resolve) => {
      closed = resolve;
    });
    let began = () => {};
    const begun = new Promise<void>((resolve) => {
      began = resolve;
    });
    const server = await debuginfod(true, (request, response) => {
      request.socket.on('close', () => closed());
      response.writeHead(200, { 'content-length': '65536' }).write(Buffer.alloc(1000));
      began();
    });
    const asked = watched();
    const store = open(urls(server));
    const fetched = codeOf(store.fetchDebug(id, asked.options));
    await begun;
    asked.abort.abort();
    expect(await fetched).toBe('FETCH_CANCELLED');
    await gone;
    // Nobody's fault: it is asked again.
    server.answer = null;
    expect(await store.fetchDebug(id, watched().options)).not.toBe(null);
  });

  it('does not keep images from the target waiting while debug information comes', async () => {
    const stuck = await debuginfod(false, (request, response) => {
      if (request.url?.endsWith('debuginfo')) return;
      response.writeHead(404).end();
    });
    const store = open(urls(stuck));
    const asked = [1, 2, 3].map(() => watched());
    const pending = asked.map(({ options }, index) =>
      codeOf(store.fetchDebug(`${id.slice(0, -1)}${index}`, options)),
    );
    expect((await fetchImage(store)).places).toEqual(['birch']);
    for (const { abort } of asked) abort.abort();
    expect(await Promise.all(pending)).toEqual(Array(3).fill('FETCH_CANCELLED'));
  });

  it('stops with a full cache, since no other source would do better', async () => {
    const server = await debuginfod();
    await mkdir(join(home, 'cache/hawser'), { recursive: true });
    await writeFile(join(home, 'cache/hawser/images'), '');
    const store = open(urls(server));
    expect(await codeOf(fetchImage(store))).toBe('CACHE_UNUSABLE');
    expect(machine.reads).toEqual([]);
  });
});

describe('a symbol server of WinDbg’s kind', () => {
  it('is asked for the paths that such servers have', async () => {
    const folder = await mkdtemp(join(home, 'server-'));
    await put(library(1), join(folder, `sym/libanswer.so/elf-buildid-${id}/libanswer.so`));
    await put(debugOf(library(1)), join(folder, `sym/_.debug/elf-buildid-sym-${id}/_.debug`));
    const server = await serveFolder(folder);
    servers.push(server);
    const store = open({}, { symbolPath: [`srv*${join(home, 'local')}*${server.url}/sym`] });
    expect(await same((await fetchImage(store)).path, library(1))).toBe(true);
    expect(await store.fetchDebug(id, watched().options)).not.toBe(null);
    expect(machine.reads).toEqual([]);
  });
});
