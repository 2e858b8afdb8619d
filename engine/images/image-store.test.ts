import { execFileSync } from 'node:child_process';
import {
  chmod,
  chown,
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { codeOf } from '../gdb/testing/backend.ts';
import { createImageStore, MAX_FILE } from './image-store.ts';
import type { FetchImageOptions, ImageStore, ImageStoreOptions } from './store.ts';
import { buildIdOf, debugOf, library, sizeOf, withoutBuildId } from './testing/elf.ts';
import { FolderMachine } from './testing/machine.ts';

const NAME = '/opt/app/libanswer.so';

let home = '';
let remote = '';
const stores: ImageStore[] = [];

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'hawser-images-'));
  remote = join(home, 'remote');
});

afterEach(async () => {
  await Promise.all(stores.splice(0).map((store) => store.dispose()));
  await rm(home, { recursive: true, force: true });
});

const cache = () => join(home, 'cache/hawser/images');

function open(options: ImageStoreOptions = {}): ImageStore {
  const store = createImageStore({ env: { XDG_CACHE_HOME: join(home, 'cache'), HOME: home }, ...options });
  stores.push(store);
  return store;
}

async function put(from: string, path: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  await copyFile(from, path);
  return path;
}

/** A machine with a file at {@link NAME}. */
async function machineWith(file: string, path = NAME): Promise<FolderMachine> {
  await put(file, join(remote, path));
  return new FolderMachine(remote);
}

interface Watched extends FetchImageOptions {
  readonly seen: (readonly [number, number | null])[];
  readonly places: string[];
  readonly abort: AbortController;
}

function watched(machine: FolderMachine): Watched {
  const abort = new AbortController();
  const seen: [number, number | null][] = [];
  const places: string[] = [];
  return {
    machine,
    machineName: machine.host,
    pid: null,
    abort,
    seen,
    places,
    signal: abort.signal,
    progress: (done, total) => seen.push([done, total]),
    from: (place) => places.push(place),
  };
}

/** Holds pieces back until it is opened. */
function gate() {
  let pass = () => {};
  const opened = new Promise<void>((resolve) => {
    pass = resolve;
  });
  let reach = () => {};
  const reached = new Promise<void>((resolve) => {
    reach = resolve;
  });
  const wait = () => {
    reach();
    return opened;
  };
  return { wait, pass: () => pass(), reached };
}

/** Files of the cache that are whole, and those that are on their way. */
async function cached(folder = cache()) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const names = entries.filter((each) => each.isFile()).map((each) => join(each.parentPath, each.name));
  return {
    whole: names.filter((name) => !name.includes('/partial/')),
    partial: names.filter((name) => name.includes('/partial/')),
  };
}

const same = async (one: string, other: string) => (await readFile(one)).equals(await readFile(other));

describe('finding an image on this machine', () => {
  it.each([
    ['a .build-id tree', (id: string) => `.build-id/${id.slice(0, 2)}/${id.slice(2)}`],
    ['its name in a folder', () => 'libanswer.so'],
    ['its path below a folder', () => 'opt/app/libanswer.so'],
    ['a symbol store of WinDbg', (id: string) => `libanswer.so/elf-buildid-${id}/libanswer.so`],
  ])('by build id, through %s of the symbol path', async (_where, place) => {
    const file = library(1);
    const machine = await machineWith(file);
    const found = await put(file, join(home, 'symbols', place(await buildIdOf(file))));
    const store = open({ symbolPath: ['/nowhere', join(home, 'symbols')] });
    expect(await store.find(await machine.image(NAME), 'birch')).toBe(found);
  });

  it('at the same path here when it is the same file, not when it only has the name', async () => {
    const machine = await machineWith(library(1));
    const image = { ...(await machine.image(NAME)), path: join(home, 'here.so') };
    await put(library(2), image.path);
    expect(await open().find(image, 'birch')).toBe(null);
    await put(library(1), image.path);
    expect(await open().find(image, 'birch')).toBe(image.path);
  });

  it('takes no name for proof anywhere in the symbol path', async () => {
    const machine = await machineWith(library(1));
    const id = await buildIdOf(library(1));
    for (const place of [
      'libanswer.so',
      'opt/app/libanswer.so',
      `.build-id/${id.slice(0, 2)}/${id.slice(2)}`,
    ])
      await put(library(2), join(home, 'symbols', place));
    const store = open({ symbolPath: [join(home, 'symbols')] });
    expect(await store.find(await machine.image(NAME), 'birch')).toBe(null);
  });

  it('takes a copy that is cut short for none', async () => {
    const machine = await machineWith(library(1));
    const image = { ...(await machine.image(NAME)), path: join(home, 'here.so') };
    await put(library(1), image.path);
    await truncate(image.path, image.size - 1000);
    expect(await open().find(image, 'birch')).toBe(null);
  });

  it('takes a file with its symbols for the one without', async () => {
    const stripped = join(home, 'stripped.so');
    execFileSync('strip', ['-o', stripped, library(1)]);
    const machine = await machineWith(stripped);
    const found = await put(library(1), join(home, 'symbols/libanswer.so'));
    const store = open({ symbolPath: [join(home, 'symbols')] });
    expect(await store.find(await machine.image(NAME), 'birch')).toBe(found);
  });

  it('takes debug information for no program, and finds it as what it is', async () => {
    const machine = await machineWith(library(1));
    const id = await buildIdOf(library(1));
    await put(debugOf(library(1)), join(home, 'symbols/libanswer.so'));
    const debug = join(home, 'symbols/.build-id', id.slice(0, 2), `${id.slice(2)}.debug`);
    await put(debugOf(library(1)), debug);
    const store = open({ symbolPath: [join(home, 'symbols')] });
    expect(await store.find(await machine.image(NAME), 'birch')).toBe(null);
    expect(await store.findDebug(id)).toBe(debug);
    expect(await store.findDebug(id.toUpperCase())).toBe(debug);
    expect(await store.findDebug(await buildIdOf(library(2)))).toBe(null);
  });

  it('reads what the client of debuginfod has fetched', async () => {
    const machine = await machineWith(library(1));
    const id = await buildIdOf(library(1));
    const found = await put(library(1), join(home, 'cache/debuginfod_client', id, 'executable'));
    const debug = await put(debugOf(library(1)), join(home, 'cache/debuginfod_client', id, 'debuginfo'));
    const store = open();
    expect(await store.find(await machine.image(NAME), 'birch')).toBe(found);
    expect(await store.findDebug(id)).toBe(debug);
  });

  it('opens no pipe, device, folder or file that is none', async () => {
    const machine = await machineWith(library(1));
    const image = await machine.image(NAME);
    const pipe = join(home, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const odd = [
      pipe,
      '/dev/zero',
      '/proc/kmsg',
      home,
      '/',
      '',
      'x\0y',
      `/${'long/'.repeat(2000)}x`,
      '../../etc',
    ];
    for (const path of odd) expect(await open().find({ ...image, path }, 'birch')).toBe(null);
  });

  it('takes no build id that is none, or too short to tell anything', async () => {
    const file = library(1, 64, ['-Wl,--build-id=0xabcd']);
    const machine = await machineWith(file);
    const image = { ...(await machine.image(NAME)), path: file };
    for (const buildId of ['abcd', '', '..', '../../x', '0'.repeat(40), 'g'.repeat(40), null])
      expect(await open().find({ ...image, buildId }, 'birch')).toBe(null);
    expect(await open().findDebug('../../../etc/passwd')).toBe(null);
  });
});

describe('fetching an image from its machine', () => {
  it('brings it here with progress, and a second session fetches nothing', async () => {
    const machine = await machineWith(library(1, 512));
    const image = await machine.image(NAME);
    const asked = watched(machine);
    const path = await open().fetch(image, asked);
    expect(await same(path, library(1, 512))).toBe(true);
    expect(asked.places).toEqual(['birch']);
    expect(asked.seen[0]).toEqual([0, image.size]);
    expect(asked.seen.at(-1)).toEqual([image.size, image.size]);

    const second = watched(machine);
    const store = open();
    expect(await store.find(image, 'birch')).toBe(path);
    expect(await store.fetch(image, second)).toBe(path);
    expect(machine.reads).toHaveLength(1);
    expect([second.seen, second.places]).toEqual([[], []]);
    expect(await cached()).toEqual({ whole: [path], partial: [] });
  });

  it('keeps it where GDB finds it by build id, for nobody else', async () => {
    const machine = await machineWith(library(1));
    const store = open();
    const path = await store.fetch(await machine.image(NAME), watched(machine));
    const id = await buildIdOf(library(1));
    const folder = store.debugFolders.at(-1) ?? '';
    expect(path).toBe(join(folder, '.build-id', id.slice(0, 2), id.slice(2)));
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('does so for an image without a build id, which no other fact may contradict', async () => {
    const file = withoutBuildId(1);
    const machine = await machineWith(file);
    const image = await machine.image(NAME);
    expect(image.buildId).toBe(null);
    const store = open({ symbolPath: [remote, dirname(file)] });
    expect(await store.find({ ...image, path: file }, 'birch')).toBe(null);
    const path = await store.fetch(image, watched(machine));
    expect(await same(path, file)).toBe(true);
    expect(await open().find(image, 'birch')).toBe(path);
    expect(await open().find(image, 'rowan')).toBe(null);
    expect(await open().find({ ...image, modified: image.modified + 1 }, 'birch')).toBe(null);
    expect(await open().find({ ...image, size: image.size + 1 }, 'birch')).toBe(null);
    expect(await open().find({ ...image, path: `${image.path}.1` }, 'birch')).toBe(null);
    expect(await open().find({ ...image, modified: 0 }, 'birch')).toBe(null);
  });

  it('notices that one without a build id was changed while it was read', async () => {
    const machine = await machineWith(withoutBuildId(1));
    const image = await machine.image(NAME);
    machine.faults.piece = async () => utimes(join(remote, NAME), 1, 1);
    expect(await codeOf(open().fetch(image, watched(machine)))).toBe('FILE_MISMATCH');
    expect(await cached()).toEqual({ whole: [], partial: [] });
  });

  it('fetches one whose size and age nobody knows, for this session only', async () => {
    const machine = await machineWith(withoutBuildId(1));
    const image = { ...(await machine.image(NAME)), size: 0, modified: 0 };
    machine.images = async () => [image];
    const store = open();
    const asked = watched(machine);
    expect(await same(await store.fetch(image, asked), withoutBuildId(1))).toBe(true);
    expect(asked.seen.at(-1)?.[1]).toBe(null);
    expect(await store.find(image, 'birch')).toBe(null);
  });

  it('goes on where it was interrupted', async () => {
    const file = library(1, 512);
    const machine = await machineWith(file);
    const image = await machine.image(NAME);
    machine.faults.cutAt = 200_000;
    expect(await codeOf(open().fetch(image, watched(machine)))).toBe('FILE_UNREADABLE');
    machine.faults = {};
    const asked = watched(machine);
    expect(await same(await open().fetch(image, asked), file)).toBe(true);
    expect(machine.reads.map(({ offset }) => offset)).toEqual([0, 200_000]);
    expect(asked.seen[0]).toEqual([200_000, image.size]);
    expect((await cached()).partial).toEqual([]);
  });

  it('begins anew when the file is another one by now', async () => {
    const machine = await machineWith(library(1, 512));
    machine.faults.cutAt = 200_000;
    const store = open();
    expect(await codeOf(store.fetch(await machine.image(NAME), watched(machine)))).toBe('FILE_UNREADABLE');
    await put(library(2, 512), join(remote, NAME));
    machine.faults = {};
    const path = await store.fetch(await machine.image(NAME), watched(machine));
    expect(await same(path, library(2, 512))).toBe(true);
    expect(machine.reads.map(({ offset }) => offset)).toEqual([0, 0]);
  });

  it.each([
    ['another library', () => ({ instead: library(2) }), 'FILE_MISMATCH'],
    ['no ELF file', () => ({ instead: '/etc/services' }), /FILE_(MISMATCH|INCOMPLETE)/],
    ['debug information', () => ({ instead: debugOf(library(1)) }), /FILE_(MISMATCH|INCOMPLETE)/],
    ['less than there should be', () => ({ endAt: 30_000 }), 'FILE_INCOMPLETE'],
    ['more than there should be', () => ({ instead: library(1, 512) }), 'FILE_MISMATCH'],
  ])('refuses %s, and keeps nothing of it', async (_what, faults, code) => {
    const machine = await machineWith(library(1));
    const image = await machine.image(NAME);
    machine.faults = faults();
    expect(await codeOf(open().fetch(image, watched(machine)))).toMatch(code);
    expect(await cached()).toEqual({ whole: [], partial: [] });
    machine.faults = {};
    expect(await same(await open().fetch(image, watched(machine)), library(1))).toBe(true);
  });

  it('refuses what is too large without reading it', async () => {
    const machine = await machineWith(library(1));
    const image = { ...(await machine.image(NAME)), size: MAX_FILE + 1 };
    expect(await codeOf(open().fetch(image, watched(machine)))).toBe('FILE_TOO_LARGE');
    expect(machine.reads).toEqual([]);
  });

  it('fetches once what several ask for, until the last has cancelled', async () => {
    const machine = await machineWith(library(1, 512));
    const image = await machine.image(NAME);
    const held = gate();
    machine.faults.piece = (_path, offset) => (offset < 100_000 ? Promise.resolve() : held.wait());
    const store = open();
    const [one, two, three] = [watched(machine), watched(machine), watched(machine)];
    const first = store.fetch(image, one);
    const second = store.fetch(image, two);
    await held.reached;
    const third = store.fetch(image, three);
    one.abort.abort();
    expect(await codeOf(first)).toBe('FETCH_CANCELLED');
    held.pass();
    expect(await same(await second, library(1, 512))).toBe(true);
    expect(await third).toBe(await second);
    expect(machine.reads).toHaveLength(1);
    expect([two.places, three.places]).toEqual([['birch'], ['birch']]);
    expect(three.seen.at(-1)).toEqual([image.size, image.size]);
  });

  it('cancels at once, however slow the machine is, and goes on from there later', async () => {
    const machine = await machineWith(library(1, 512));
    const image = await machine.image(NAME);
    const held = gate();
    machine.faults.piece = (_path, offset) => (offset < 100_000 ? Promise.resolve() : held.wait());
    const store = open();
    const asked = watched(machine);
    const fetched = store.fetch(image, asked);
    await held.reached;
    asked.abort.abort();
    expect(await codeOf(fetched)).toBe('FETCH_CANCELLED');
    held.pass();
    while (machine.open > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    machine.faults = {};
    expect(await same(await store.fetch(image, watched(machine)), library(1, 512))).toBe(true);
    expect(machine.reads.at(-1)?.offset).toBeGreaterThan(50_000);
  });

  it('cancels what waits for its turn, or was cancelled before it was asked for', async () => {
    const machine = await machineWith(library(1));
    const image = await machine.image(NAME);
    const asked = watched(machine);
    asked.abort.abort();
    expect(await codeOf(open().fetch(image, asked))).toBe('FETCH_CANCELLED');
    const store = open();
    const pending = store.fetch(image, watched(machine));
    await store.dispose();
    expect(await codeOf(pending)).toBe('FETCH_CANCELLED');
    expect(machine.reads.length).toBeLessThanOrEqual(1);
  });

  it('fetches two at once, the others in the order in which they were asked for', async () => {
    const seeds = [1, 2, 3, 4, 5];
    const machine = new FolderMachine(remote);
    for (const seed of seeds) await put(library(seed), join(remote, `/lib${seed}.so`));
    let most = 0;
    machine.faults.piece = async () => {
      most = Math.max(most, machine.open);
      await new Promise((resolve) => setImmediate(resolve));
    };
    const store = open();
    const images = await Promise.all(seeds.map((seed) => machine.image(`/lib${seed}.so`)));
    const paths = await Promise.all(images.map((image) => store.fetch(image, watched(machine))));
    expect(most).toBe(2);
    expect(new Set(paths).size).toBe(5);
    const order = machine.reads.map(({ path }) => path);
    expect(order.slice(0, 2).sort()).toEqual(['/lib1.so', '/lib2.so']);
    // Two may begin at the same time, and then either reads first.
    expect(order.slice(2, 4).sort()).toEqual(['/lib3.so', '/lib4.so']);
    expect(order[4]).toBe('/lib5.so');
  });

  it('asks the other machine that has the same image when one fails', async () => {
    const birch = await machineWith(library(1));
    const rowan = new FolderMachine(remote, {}, 'rowan');
    const held = gate();
    birch.faults = { cutAt: 20_000, piece: () => held.wait() };
    const store = open();
    const image = await birch.image(NAME);
    const first = codeOf(store.fetch(image, watched(birch)));
    await held.reached;
    const second = store.fetch(image, watched(rowan));
    while (rowan.reads.length === 0) {
      held.pass();
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(await first).toBe('FILE_UNREADABLE');
    expect(await same(await second, library(1))).toBe(true);
  });
});

describe('the cache', () => {
  it('is bounded: what was used longest ago goes, never what a session uses', async () => {
    const machine = new FolderMachine(remote);
    const size = sizeOf(library(1));
    const limit = size * 3 + 1000;
    const paths: string[] = [];
    const fetchOne = async (store: ImageStore, seed: number) => {
      await put(library(seed), join(remote, `/lib${seed}.so`));
      const path = await store.fetch(await machine.image(`/lib${seed}.so`), watched(machine));
      paths.push(path);
      // As if it had been used days ago, the first the longest ago.
      await utimes(path, new Date(seed * 1e6), new Date(seed * 1e6));
    };
    const user = open({ limit });
    await fetchOne(user, 1);
    const early = open({ limit });
    await fetchOne(early, 2);
    await fetchOne(early, 3);
    await early.dispose();
    await fetchOne(open({ limit }), 4);
    // The oldest one is in use; the second oldest went.
    expect((await cached()).whole.sort()).toEqual([paths[0], paths[2], paths[3]].sort());
    await user.dispose();
    await fetchOne(open({ limit }), 5);
    expect((await cached()).whole.sort()).toEqual([paths[2], paths[3], paths[4]].sort());
  });

  it('notes each use', async () => {
    const machine = await machineWith(library(1));
    const image = await machine.image(NAME);
    const path = await open().fetch(image, watched(machine));
    await utimes(path, new Date(1000), new Date(2000));
    await open().find(image, 'birch');
    const { atimeMs, mtimeMs } = await stat(path);
    expect(mtimeMs).toBe(2000);
    expect(atimeMs).toBeGreaterThan(Date.now() - 3_600_000);
  });

  it('keeps what another process may be using', async () => {
    const machine = new FolderMachine(remote);
    const limit = sizeOf(library(1)) + 1000;
    for (const seed of [1, 2]) {
      await put(library(seed), join(remote, `/lib${seed}.so`));
      const store = open({ limit });
      await store.fetch(await machine.image(`/lib${seed}.so`), watched(machine));
      await store.dispose();
    }
    expect((await cached()).whole).toHaveLength(2);
  });

  it('does not serve a file that was damaged in it', async () => {
    const machine = await machineWith(library(1));
    const image = await machine.image(NAME);
    const path = await open().fetch(image, watched(machine));
    await writeFile(path, 'rubbish'.repeat(100));
    expect(await open().find(image, 'birch')).toBe(null);
    expect(await open().fetch(image, watched(machine))).toBe(path);
    expect(await same(path, library(1))).toBe(true);
  });

  it('does not serve one that was cut short in it', async () => {
    const machine = await machineWith(library(1));
    const image = await machine.image(NAME);
    const path = await open().fetch(image, watched(machine));
    await truncate(path, image.size - 1000);
    expect(await open().find(image, 'birch')).toBe(null);
  });

  it('is closed to others, even when somebody opened it', async () => {
    await mkdir(cache(), { recursive: true, mode: 0o755 });
    await chmod(cache(), 0o777);
    const machine = await machineWith(library(1));
    await open().fetch(await machine.image(NAME), watched(machine));
    expect((await stat(cache())).mode & 0o777).toBe(0o700);
  });

  it('says why it cannot be used', async () => {
    const machine = await machineWith(library(1));
    const image = await machine.image(NAME);
    await mkdir(dirname(cache()), { recursive: true });
    await writeFile(cache(), '');
    expect(await codeOf(open().fetch(image, watched(machine)))).toBe('CACHE_UNUSABLE');
    expect(machine.reads).toEqual([]);
  });

  it('refuses one of another user', async (context) => {
    if (process.getuid?.() !== 0) return context.skip('making one of another user needs root');
    const machine = await machineWith(library(1));
    await mkdir(cache(), { recursive: true, mode: 0o700 });
    await chown(cache(), 12345, 12345);
    expect(await codeOf(open().fetch(await machine.image(NAME), watched(machine)))).toBe('CACHE_UNUSABLE');
  });
});

const noMount = process.getuid?.() !== 0 || process.platform !== 'linux';

describe.skipIf(noMount)('a full disk (needs root for a small file system)', () => {
  let disk = '';
  beforeEach(async () => {
    disk = join(home, 'disk');
    await mkdir(disk);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=18m', 'hawser-test', disk]);
  });
  afterEach(() => {
    execFileSync('umount', [disk]);
  });

  it('is seen before anything is fetched', async () => {
    const machine = await machineWith(library(1, 4096));
    const store = open({ folder: join(disk, 'images') });
    expect(await codeOf(store.fetch(await machine.image(NAME), watched(machine)))).toBe('CACHE_FULL');
    expect(machine.reads).toEqual([]);
  });

  it('is an error of its own when it comes as a surprise, and leaves room behind', async () => {
    const machine = await machineWith(library(1, 4096));
    const image = { ...(await machine.image(NAME)), size: 0 };
    const filled = join(disk, 'filling');
    machine.faults.piece = async (_path, offset) => {
      if (offset === 0) await writeFile(filled, Buffer.alloc(16 * 1024 * 1024));
    };
    const folder = join(disk, 'images');
    expect(await codeOf(open({ folder }).fetch(image, watched(machine)))).toBe('CACHE_FULL');
    expect(await cached(folder)).toEqual({ whole: [], partial: [] });
  });

  it('makes room with what is old', async () => {
    const machine = new FolderMachine(remote);
    const paths: string[] = [];
    for (const seed of [1, 2]) {
      await put(library(seed, 1024), join(remote, `/lib${seed}.so`));
      const store = open({ folder: join(disk, 'images') });
      paths.push(await store.fetch(await machine.image(`/lib${seed}.so`), watched(machine)));
      await store.dispose();
      if (seed === 1) await utimes(paths[0] as string, new Date(0), new Date(0));
    }
    expect((await cached(join(disk, 'images'))).whole).toEqual([paths[1]]);
  });
});
