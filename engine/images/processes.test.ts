import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createImageStore } from './image-store.ts';
import { library } from './testing/elf.ts';
import { FolderMachine } from './testing/machine.ts';

const SIZE = 2048;
const NAME = '/libanswer.so';

let home = '';
const children: ChildProcess[] = [];

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'hawser-fetchers-'));
  await mkdir(join(home, 'remote'));
  await copyFile(library(1, SIZE), join(home, 'remote', NAME));
});

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await rm(home, { recursive: true, force: true });
});

interface Fetcher {
  readonly child: ChildProcess;
  /** The next line that begins with a word; rejects when it ends without one. */
  line(word: string): Promise<string>;
}

/** Another process that fetches into the same cache. */
function fetcher(stopAt = Number.MAX_SAFE_INTEGER): Fetcher {
  const file = join(import.meta.dirname, 'testing/fetch-process.ts');
  const args = [join(home, 'remote'), NAME, join(home, 'images'), stopAt];
  const script = `import { runnerImport } from 'vite';
    const { module } = await runnerImport(${JSON.stringify(file)});
    await module.fetchInProcess(...${JSON.stringify(args)});`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    child,
    line: async (word) => {
      for (;;) {
        const { value, done } = await lines.next();
        if (done) throw new Error(`it ended without '${word}'`);
        if (value.startsWith(word)) return value;
      }
    },
  };
}

const partials = () => readdir(join(home, 'images/partial'));

async function fetchHere() {
  const machine = new FolderMachine(join(home, 'remote'));
  const store = createImageStore({ folder: join(home, 'images'), env: {} });
  const path = await store.fetch(await machine.image(NAME), {
    machine,
    machineName: machine.host,
    pid: null,
    signal: new AbortController().signal,
    progress: () => {},
    from: () => {},
  });
  await store.dispose();
  return { path, reads: machine.reads };
}

const isWhole = async (path: string) => (await readFile(path)).equals(await readFile(library(1, SIZE)));

describe('several processes with one cache', () => {
  it('fetch the same file at the same time without harm', async () => {
    const fetchers = [fetcher(), fetcher(), fetcher()];
    const lines = await Promise.all(fetchers.map((each) => each.line('path')));
    const paths = lines.map((line) => line.split(' ')[1] ?? '');
    expect(new Set(paths).size).toBe(1);
    expect(await isWhole(paths[0] ?? '')).toBe(true);
    expect(await partials()).toEqual([]);
  });

  it('leave alone what another one is fetching, and go on with it when that one is no more', async () => {
    const slow = fetcher(500_000);
    await slow.line('at 507904');
    // It lives: this process fetches by itself.
    const { path, reads } = await fetchHere();
    expect(reads.map(({ offset }) => offset)).toEqual([0]);
    expect(await isWhole(path)).toBe(true);
    expect(await partials()).toHaveLength(1);
    await rm(path);
    slow.child.kill('SIGKILL');
    await once(slow.child, 'exit');
    const again = await fetchHere();
    expect(again.reads[0]?.offset).toBe(507_904);
    expect(again.reads).toHaveLength(1);
    expect(await isWhole(again.path)).toBe(true);
    expect(await partials()).toEqual([]);
  });
});
