import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { machine, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { compile } from '../gdb/testing/programs.ts';
import { MAX_FOLDER_ENTRIES } from './folder.ts';
import { LocalMachine } from './local.ts';

const sleeper = compile(
  'sleeper.c',
  `#include <pthread.h>
#include <stdio.h>
#include <unistd.h>
static void *wait(void *x) { pause(); return x; }
int main(void) { pthread_t t; pthread_create(&t, 0, wait, 0); puts("up"); fflush(stdout); pause(); }
`,
  ['-g', '-O0', '-pthread'],
);

const PATIENT = { timeout: 30_000 };
const local = new LocalMachine();
const children: ChildProcess[] = [];
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'hawser-machine-')));
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

async function start(program: string, args: readonly string[] = []): Promise<number> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  children.push(child);
  await new Promise((resolve) => child.stdout.once('data', resolve));
  return child.pid ?? 0;
}

const entryOf = async (pid: number) => (await local.processes()).find((entry) => entry.pid === pid);
const buildIdOf = (path: string) =>
  /Build ID: ([0-9a-f]+)/.exec(execFileSync('readelf', ['-n', path]).toString())?.[1];

describe('processes', () => {
  it('are listed with all that a person chooses by', async () => {
    const before = Date.now();
    const pid = await start(sleeper.path, ['a b', "it's"]);
    const entry = await entryOf(pid);
    expect(entry).toEqual({
      pid,
      parent: process.pid,
      name: 'sleeper',
      user: userInfo().username,
      commandLine: `${sleeper.path} a b it's`,
      architecture: machine(),
      started: expect.any(Number),
      obstacle: null,
    });
    // The kernel's clock ticks a hundred times a second, and the time of its start is in whole seconds.
    expect(Math.abs((entry?.started ?? 0) - before)).toBeLessThan(2500);
  });

  it('have an architecture though another of the same program ends while they are read', async () => {
    // Whenever within the reading: one of these turns is between a process being found and its file being opened.
    for (let turns = 0; turns < 32; turns += 1) {
      const [first = 0, second = 0] = [await start(sleeper.path), await start(sleeper.path)].sort(
        (a, b) => a - b,
      );
      const listed = local.processes();
      for (let turn = 0; turn < turns; turn += 1) await new Promise((next) => setImmediate(next));
      process.kill(first, 'SIGKILL');
      while (!/\) [ZX] /.test(readFileSync(`/proc/${first}/stat`, 'utf8'))) {}
      expect((await listed).find(({ pid }) => pid === second)?.architecture, `${turns} turns`).toBe(
        machine(),
      );
      process.kill(second, 'SIGKILL');
    }
  }, 20_000);

  it('leave out threads of the kernel and name what forbids attaching', async () => {
    const parent = spawn('sh', ['-c', 'sleep 0.05 & echo $!; exec sleep 100'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    children.push(parent);
    const zombie = Number(await new Promise<Buffer>((resolve) => parent.stdout.once('data', resolve)));
    await expect
      .poll(async () => (await entryOf(zombie))?.obstacle, PATIENT)
      .toMatch(/^It has ended already/);
    const pid = await start(sleeper.path);
    const gdb = spawn('gdb', ['-nx', '-q', '-p', String(pid)], { stdio: ['pipe', 'pipe', 'ignore'] });
    children.push(gdb);
    await expect
      .poll(async () => (await entryOf(pid))?.obstacle, { timeout: 30_000 })
      .toBe(`Another debugger is attached to it: gdb, process ${gdb.pid}`);
    const ours = new LocalMachine((tracer) => (tracer === gdb.pid ? 'BIRCH\\ann (tcp)' : null));
    expect((await ours.process(pid)).entry.obstacle).toBe('BIRCH\\ann (tcp) debugs it through this server');
    expect((await entryOf(process.pid))?.obstacle).toBe('It is the debugger itself');
    expect(await entryOf(2)).not.toMatchObject({ name: 'kthreadd' });
  });

  it('two thousand of them, while others get their turn', async () => {
    const shell = spawn('sh', ['-c', 'for i in $(seq 2000); do sleep 100 & done; echo up; wait'], {
      stdio: ['ignore', 'pipe', 'ignore'],
      detached: true,
    });
    try {
      await new Promise((resolve) => shell.stdout.once('data', resolve));
      let turns = 0;
      const turn = setInterval(() => turns++, 1);
      const listed = await local.processes();
      clearInterval(turn);
      expect(listed.filter((entry) => entry.parent === shell.pid)).toHaveLength(2000);
      expect(turns).toBeGreaterThan(10);
    } finally {
      process.kill(-(shell.pid ?? 0), 'SIGKILL');
    }
  });

  it('tell what they have mapped', async () => {
    const pid = await start(sleeper.path, ['one', '']);
    const details = await local.process(pid);
    expect(details).toMatchObject({ executable: sleeper.path, args: ['one', ''], threads: 2 });
    const paths = new Set(details.mappings.map(({ path }) => path));
    expect(paths).toContain('[vdso]');
    expect([...paths].some((path) => /libc\.so/.test(path))).toBe(true);
    const [first] = details.mappings;
    expect(first).toMatchObject({ path: sleeper.path, offset: '00000000' });
    await expect(local.process(0x3ffffff)).rejects.toMatchObject({
      code: 'ATTACH_REFUSED',
      message: expect.stringContaining('no such process'),
    });
  });
});

describe('files', () => {
  it('have build ids, also of a program that was deleted', async () => {
    const copy = join(folder, 'copy');
    await copyFile(sleeper.path, copy);
    const [image, none, text] = await local.images(null, [copy, '/nowhere', '/etc/passwd']);
    expect(image).toMatchObject({ path: copy, buildId: buildIdOf(copy), architecture: machine() });
    expect([none, text]).toEqual([null, null]);
    const pid = await start(copy);
    unlinkSync(copy);
    const { executable } = await local.process(pid);
    expect(executable).toBe(`${copy} (deleted)`);
    expect(await local.images(pid, [executable])).toMatchObject([{ buildId: buildIdOf(sleeper.path) }]);
  });

  it('of a process with another root are found under it', async (context) => {
    if (process.getuid?.() !== 0) context.skip('changing the root needs root');
    const root = join(folder, 'root');
    mkdirSync(join(root, 'bin'), { recursive: true });
    const still = compile(
      'still.c',
      '#include <unistd.h>\nint main(void) { write(1, "up", 2); pause(); }\n',
      ['-static'],
    );
    await copyFile(still.path, join(root, 'bin/still'));
    const pid = await start('chroot', [root, '/bin/still']);
    await expect.poll(async () => (await local.process(pid)).executable, PATIENT).toMatch(/still$/);
    writeFileSync(join(root, 'note'), 'of the inside');
    const read = async (from: number | null) => {
      const parts: Buffer[] = [];
      for await (const part of local.readFile('/note', from, 3)) parts.push(part as Buffer);
      return Buffer.concat(parts).toString();
    };
    expect(await read(pid)).toBe('the inside');
    await expect(read(null)).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
  });

  it('that are none say so, and nobody waits for them', async () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    await expect(local.open(pipe, null)).rejects.toMatchObject({
      message: expect.stringContaining('it is no file'),
    });
    await expect(local.open(folder, null)).rejects.toMatchObject({
      message: expect.stringContaining('a folder'),
    });
    expect(await local.images(null, [pipe])).toEqual([null]);
  });

  it('lie in folders, which come first', async () => {
    const base = join(folder, 'listing');
    mkdirSync(join(base, 'zoo'), { recursive: true });
    writeFileSync(join(base, 'b.txt'), 'four');
    writeFileSync(join(base, 'a.out'), '#!', { mode: 0o755 });
    symlinkSync('zoo', join(base, 'link'));
    symlinkSync('nowhere', join(base, 'broken'));
    expect(await local.folder(base)).toEqual({
      path: base,
      parent: folder,
      entries: [
        { name: 'link', kind: 'folder', size: 0 },
        { name: 'zoo', kind: 'folder', size: 0 },
        { name: 'a.out', kind: 'program', size: 2 },
        { name: 'b.txt', kind: 'file', size: 4 },
        { name: 'broken', kind: 'other', size: 0 },
      ],
      more: false,
    });
    expect((await local.folder('/')).parent).toBeNull();
    expect((await local.folder('')).path).toBe(realpathSync(userInfo().homedir));
    await expect(local.folder('/nowhere')).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
    for (let index = 0; index < MAX_FOLDER_ENTRIES; index++) writeFileSync(join(base, `n${index}`), '');
    const many = await local.folder(base);
    expect([many.entries.length, many.more]).toEqual([MAX_FOLDER_ENTRIES, true]);
    rmSync(folder, { recursive: true, force: true });
  });

  it('that can be run are found by the search path', async () => {
    expect(await local.program('true', null)).toMatchObject({
      path: expect.stringMatching(/\/true$/),
      architecture: machine(),
    });
    await expect(local.program('/etc/passwd', null)).rejects.toMatchObject({
      code: 'PROGRAM_NOT_EXECUTABLE',
    });
    await expect(local.program('no-such-program', '/')).rejects.toMatchObject({ code: 'PROGRAM_NOT_FOUND' });
  });
});
